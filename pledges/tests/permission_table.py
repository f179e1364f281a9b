"""Who may open what at the desk, a line for each model, address and action; test_permissions_table holds it.

docs/desk-accounts.md shows it. To add an address: run the test, which prints the line that it found; look whether that
is what is meant, and put it here and there. The two signs are for GET and POST, each the least that one has to be:

0 anybody, 1 whoever has an account, S staff without a group, R reporter, E editor, P publisher, X superuser, - nobody
"""

# Django's five pages of a model.
MODELS = """
article                                    RR -- R- -- RR
digest                                     RR -- R- -- RR
edition                                    RR -- R- -- RR
group                                      XX XX XX XX XX
indicator                                  RR EE RE XX RR
institution                                RR EE RE XX RR
lead                                       RR -- RR -- RR
mandate                                    RR EE RE XX RR
newsroom                                   RR -- RP -- RR
pledge                                     RR EE RE XX RR
preservation                               RR -- R- -- RR
source                                     RR EE RE XX RR
sourcedocument                             RR EE RE XX RR
topic                                      RR EE RE XX RR
update                                     RR RR RE EE RR
user                                       PP PP PP -- PP
watchquality                               RR -- SS -- RR
wording                                    RR -- RE EE RR
"""
# All others, by the names of their addresses.
OTHERS = """
"""
# What can be done with several rows of a list at once.
ACTIONS = """
group.delete_selected                      X
indicator.delete_selected                  X
institution.delete_selected                X
lead.dismiss_selected                      R
mandate.delete_selected                    X
pledge.delete_selected                     X
source.read_now                            E
sourcedocument.delete_selected             X
topic.delete_selected                      X
"""
