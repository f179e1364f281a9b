"""Who may open what at the desk, a line for each model, address and action; test_permissions_table holds it.

docs/desk-accounts.md shows it. To add an address: run the test, which prints the line that it found; look whether that
is what is meant, and put it here and there. The two signs are for GET and POST, each the least that one has to be:

0 anybody, 1 whoever has an account, S staff without a group, R reporter, E editor, P publisher, X superuser, - nobody
"""

# Django's five pages of a model.
MODELS = """
alert                                      EP -- P- PP PP
article                                    RR -- R- -- RR
delivery                                   PP -- P- -- PP
destination                                PP PP PP PP PP
digest                                     RR -- R- -- RR
edition                                    RR -- R- -- RR
group                                      XX XX XX XX XX
indicator                                  RR EE RE XX RR
institution                                RR EE RE XX RR
intake                                     RR EE R- -- RR
lead                                       RR -- RR -- RR
mandate                                    RR EE RE XX RR
newsroom                                   RR -- RP -- RR
notice                                     SS -- -- -- --
pledge                                     RR EE RE XX RR
pledgecorrection                           RR -- RE EE RR
preservation                               RR -- R- -- RR
retraction                                 RR -- RP PP RR
source                                     RR EE RE XX RR
sourcedocument                             RR EE RE XX RR
topic                                      RR EE RE XX RR
update                                     RR RR RE EE RR
user                                       PP PP PP -- PP
watchquality                               RR -- SS -- RR
withdrawal                                 RR -- RE EE RR
wording                                    RR -- RE EE RR
"""
# All others, by the names of their addresses. "-" stands as well where the row is of another person, or there is none:
# nobody ends another's session, or sees recovery codes before there are some.
OTHERS = """
account_change_password                    11
account_end_session                        --
account_home                               11
account_inactive                           0-
account_login                              00
account_logout                             00
account_reauthenticate                     11
account_reset_password                     00
account_reset_password_done                0-
account_reset_password_from_key            00
account_reset_password_from_key_done       0-
account_set_password                       11
address                                    E-
app_list                                   RR
auth_user_password_change                  XX
autocomplete                               --
exchange:export                            R-
exchange:import                            EE
exchange:index                             R-
exchange:template                          E-
index                                      SS
jsi18n                                     S-
login                                      0SREPX0SREPX
logout                                     00
mfa_activate_totp                          11
mfa_add_webauthn                           11
mfa_authenticate                           11
mfa_deactivate_totp                        --
mfa_download_recovery_codes                --
mfa_edit_webauthn                          11
mfa_generate_recovery_codes                11
mfa_index                                  1-
mfa_list_webauthn                          1-
mfa_login_webauthn                         11
mfa_reauthenticate                         11
mfa_reauthenticate_webauthn                11
mfa_remove_webauthn                        11
mfa_view_recovery_codes                    --
page                                       SS
password_change                            SS
password_change_done                       SS
pledges_capture_warc                       R-
pledges_delivery_replay                    -P
pledges_destination_replay                 -P
pledges_destination_secret                 -P
pledges_destination_test                   -P
pledges_indicator_discard                  -E
pledges_indicator_figures                  EE
pledges_intake_admit                       -E
pledges_intake_dismiss                     -E
pledges_intake_drafts                      EE
pledges_intake_mark                        -E
pledges_intake_reopen                      -E
pledges_lead_accept                        -R
pledges_lead_dismiss                       -R
pledges_lead_merge                         RR
pledges_lead_more                          -R
pledges_lead_move                          RR
pledges_lead_presence                      -R
pledges_lead_reopen                        -R
pledges_lead_snooze                        -R
pledges_lead_undo                          -R
pledges_mandate_close                      RR
pledges_newsroom_close                     PP
pledges_notice_follow                      -R
pledges_pledge_correct                     -E
pledges_pledge_knowledge                   RR
pledges_pledge_retract                     -E
pledges_pledge_reviewed                    -E
pledges_pledge_strike                      -E
pledges_pledge_unstrike                    -E
pledges_pledge_wording                     -E
pledges_pledgecorrection_comment           -R
pledges_pledgecorrection_preview           RR
pledges_pledgecorrection_preview_page      RR
pledges_pledgecorrection_preview_strips    RR
pledges_pledgecorrection_publish           -E
pledges_pledgecorrection_schedule          -E
pledges_pledgecorrection_send-back         -E
pledges_pledgecorrection_submit            -E
pledges_pledgecorrection_typed             --
pledges_pledgecorrection_typed_drop        -R
pledges_pledgecorrection_unschedule        -E
pledges_record                             EE
pledges_retraction_comment                 -R
pledges_retraction_preview                 RR
pledges_retraction_preview_page            RR
pledges_retraction_preview_strips          RR
pledges_retraction_publish                 -P
pledges_retraction_schedule                -P
pledges_retraction_send-back               -P
pledges_retraction_submit                  -P
pledges_retraction_typed                   --
pledges_retraction_typed_drop              -R
pledges_retraction_unschedule              -P
pledges_source_adopt                       -E
pledges_source_changes                     RR
pledges_source_find                        EE
pledges_source_read                        -E
pledges_source_searches                    EE
pledges_update_comment                     -R
pledges_update_correct                     -E
pledges_update_move                        EE
pledges_update_preview                     RR
pledges_update_preview_page                RR
pledges_update_preview_strips              RR
pledges_update_publish                     -E
pledges_update_review_many                 EE
pledges_update_schedule                    -E
pledges_update_send-back                   -E
pledges_update_submit                      -E
pledges_update_submit_many                 RR
pledges_update_typed                       --
pledges_update_typed_drop                  -R
pledges_update_unschedule                  -E
pledges_update_withdraw                    -E
pledges_user_factors                       -P
pledges_user_invite                        -P
pledges_user_own                           SS
pledges_user_sessions                      -P
pledges_withdrawal_comment                 -R
pledges_withdrawal_preview                 RR
pledges_withdrawal_preview_page            RR
pledges_withdrawal_preview_strips          RR
pledges_withdrawal_publish                 -E
pledges_withdrawal_schedule                -E
pledges_withdrawal_send-back               -E
pledges_withdrawal_submit                  -E
pledges_withdrawal_typed                   --
pledges_withdrawal_typed_drop              -R
pledges_withdrawal_unschedule              -E
pledges_wording_comment                    -R
pledges_wording_preview                    RR
pledges_wording_preview_page               RR
pledges_wording_preview_strips             RR
pledges_wording_publish                    -E
pledges_wording_review_many                EE
pledges_wording_schedule                   -E
pledges_wording_send-back                  -E
pledges_wording_submit                     -E
pledges_wording_submit_many                EE
pledges_wording_typed                      --
pledges_wording_typed_drop                 -R
pledges_wording_unschedule                 -E
review_days                                --
usersessions_list                          11
"""
# What can be done with several rows of a list at once.
ACTIONS = """
alert.delete_selected                      P
delivery.replay_selected                   P
destination.turn_off                       P
group.delete_selected                      X
indicator.delete_selected                  X
institution.delete_selected                X
lead.dismiss_selected                      R
lead.snooze_selected                       R
mandate.delete_selected                    X
pledge.delete_selected                     X
pledge.review_selected                     E
pledge.submit_selected                     E
source.read_now                            E
sourcedocument.delete_selected             X
topic.delete_selected                      X
update.review_selected                     E
update.submit_selected                     R
wording.review_selected                    E
wording.submit_selected                    E
"""
# All addresses of the public site, with the methods that they answer: the same for everybody, logged in or not.
PUBLIC = """
accessibility                              GET HEAD
alert                                      GET POST HEAD
alert_asked                                GET HEAD
alert_confirm                              GET POST HEAD
alert_end                                  GET POST HEAD
api                                        GET HEAD
api:get_edition                            GET HEAD OPTIONS
api:get_indicator                          GET HEAD OPTIONS
api:get_mandate                            GET HEAD OPTIONS
api:get_pledge                             GET HEAD OPTIONS
api:list_changes                           GET HEAD OPTIONS
api:list_editions                          GET HEAD OPTIONS
api:list_evidence                          GET HEAD OPTIONS
api:list_indicators                        GET HEAD OPTIONS
api:list_mandates                          GET HEAD OPTIONS
api:list_pledges                           GET HEAD OPTIONS
api:list_updates                           GET HEAD OPTIONS
api:nothing                                GET HEAD OPTIONS
api:openapi                                GET HEAD OPTIONS
api:search                                 GET HEAD OPTIONS
changes                                    GET HEAD
changes_feed                               GET HEAD
changes_json                               GET HEAD
changes_json_feed                          GET HEAD
compare                                    GET HEAD
contact                                    GET HEAD
corrections                                GET HEAD
data                                       GET HEAD
edition                                    GET HEAD
edition_json                               GET HEAD
edition_line                               GET HEAD
edition_snapshot                           GET HEAD
editions                                   GET HEAD
embed                                      GET HEAD
favicon.ico                                GET HEAD
home                                       GET HEAD
home_card                                  GET HEAD
indicator                                  GET HEAD
indicator_csv                              GET HEAD
indicator_embed                            GET HEAD
indicator_json                             GET HEAD
indicator_png                              GET HEAD
indicators                                 GET HEAD
latest_snapshot                            GET HEAD
live                                       GET HEAD
logo                                       GET HEAD
look                                       GET HEAD
mandate                                    GET HEAD
mandate_card                               GET HEAD
mandate_embed                              GET HEAD
mandate_progress_csv                       GET HEAD
mandate_progress_json                      GET HEAD
mandates                                   GET HEAD
live                                       GET HEAD
manifest                                   GET HEAD
mcp                                        POST OPTIONS
methodology                                GET HEAD
newsroom_card                              GET HEAD
newswire                                   GET HEAD
newswire_article                           GET HEAD
newswire_feed                              GET HEAD
oembed                                     GET HEAD
pledge                                     GET HEAD
pledge_calendar                            GET HEAD
pledge_card                                GET HEAD
pledge_csv                                 GET HEAD
pledge_embed                               GET HEAD
pledge_feed                                GET HEAD
pledge_json                                GET HEAD
pledge_json_feed                           GET HEAD
pledges                                    GET HEAD
pledges_calendar                           GET HEAD
pledges_card                               GET HEAD
pledges_csv                                GET HEAD
pledges_embed                              GET HEAD
pledges_feed                               GET HEAD
pledges_json                               GET HEAD
pledges_json_feed                          GET HEAD
pledges_jsonl                              GET HEAD
ready                                      GET HEAD
robots.txt                                 GET HEAD
security_txt                               GET HEAD
sitemap                                    GET HEAD
sitemap_index                              GET HEAD
this_week                                  GET HEAD
watch                                      GET HEAD
week                                       GET HEAD
week_text                                  GET HEAD
"""
