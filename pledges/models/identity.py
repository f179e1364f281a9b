"""What identifies a public pledge, its address, mandate and day: only a `PledgeCorrection` changes them."""

import pgtrigger

RESERVED_ADDRESS = "feed"  # a page of the site beside those of the pledges


def identity_is_final() -> pgtrigger.Trigger:
    """A public pledge is never deleted, and only what the newest edition corrects in it changes, to just those values.

    `PledgeCorrection` writes them when it is published.
    """
    return pgtrigger.Trigger(
        name="published_identity_is_final",
        when=pgtrigger.Before,
        operation=pgtrigger.Update | pgtrigger.Delete,
        func="""
            IF EXISTS (SELECT 1 FROM pledges_wording WHERE pledge_id = OLD.id AND state = 'published')
               AND (TG_OP = 'DELETE' OR OLD.id <> NEW.id OR
                    (OLD.slug, OLD.mandate_id, OLD.made_on, OLD.made_on_precision) IS DISTINCT FROM
                    (NEW.slug, NEW.mandate_id, NEW.made_on, NEW.made_on_precision)
                    AND NOT EXISTS (
                        SELECT 1 FROM pledges_pledgecorrection
                        WHERE pledge_id = OLD.id AND state = 'published'
                          AND edition_id = (SELECT MAX(number) FROM pledges_edition)
                          AND (was_slug, was_mandate_id, was_made_on, was_made_on_precision)
                              = (OLD.slug, OLD.mandate_id, OLD.made_on, OLD.made_on_precision)
                          AND (slug, mandate_id, made_on, made_on_precision)
                              = (NEW.slug, NEW.mandate_id, NEW.made_on, NEW.made_on_precision)
                    )) THEN
                RAISE EXCEPTION 'a published pledge keeps its address, mandate and day, and is never deleted'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'published_identity_is_final';
            END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            RETURN NEW;
        """,
    )


def address_is_its_own() -> pgtrigger.Trigger:
    """An address at which a pledge was once public is given to no other, not even to a draft."""
    return pgtrigger.Trigger(
        # AFTER: an INSERT that blocked on the unique address sees here what the other transaction has published.
        name="address_is_its_own",
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("slug"),
        func="""
            IF EXISTS (
                SELECT 1 FROM pledges_pledgecorrection
                WHERE was_slug = NEW.slug AND pledge_id <> NEW.id AND state = 'published'
            ) THEN
                RAISE EXCEPTION 'another pledge had this address: readers are sent on to it from there'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'address_was_of_another_pledge';
            END IF;
            RETURN NULL;
        """,
    )
