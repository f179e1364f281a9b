"""English: verb patterns by the status that they stand for. Data only; `patterns.py` compiles it.

A pattern is `verb[_word…][:SUBJECT][<AGENT][>OBJECT]`. `_*_` stands for a few words. With `:` the verb is intransitive
and its subject must be of the class; `<` requires an agent (the subject, or "by …") and `>` an object of the class.
Letters are classes of nouns (see `nouns_en.py`); A is any of them except C, H, L, M, U, V and X. Without `>`, any
object is allowed except X.
"""

KEPT = """
    commission>T hand>T hand_*_promised deliver_*_promised give_*_promised provide_*_promised distribute_*_promised
    build_*_promised hire_*_promised supply_*_promised get_*_promised receive_*_pledged deliver_*_first>U
    feed_*_first>U send_*_first>U export_*_first>U pump_*_first>U ship_*_first>U process_*_first>U issue_*_first>U
    pay_*_first>B receive_*_first>B get_*_first>B collect_*_first>B welcome_*_first>U admit_*_first>U
    receive_*_first>U carry_*_first>U treat_*_first>U serve_*_first>U take_*_first>U generate_*_first produce_*_first
    roll_out>T roll_out>B fulfil>G fulfill>G open:T open>T reopen:T reopen>T open_door open_*_to_traffic
    open_*_to_public open_*_to_passengers open_*_to_cars throw_*_open inaugurate>A cut_*_ribbon snip_*_ribbon cut_tape
    come_into_force come_into_effect come_into_operation come_into_service come_into_use come_into_being go_into_force
    go_into_effect go_into_service go_into_operation enter_force enter_into_force enter_service enter_operation
    enter_into_effect take_effect take_force kick_in:R kick_in:B kick_in:A become_law_of become_mandatory
    become_compulsory become_operational become_free become_available become_illegal become_legal go_live come_online
    come_on_stream come_on_line go_online go_on_line switch_on>T power_up turn_on>T deliver>T deliver>B hand_over>T
    hand_over_*_keys receive_*_keys get_*_keys collect_*_keys move_into_*_new complete>T complete>W finish>T finish>W
    wrap_up>W build>T install>T erect>T construct>T hire>U recruit>U pave>T connect>U vaccinate>U abolish>A abolish
    eliminate>R scrap_tuition outlaw>A phase_out>A honour>G honor>G make_good_on keep_*_promise keep_*_pledge
    keep_*_word keep_*_commitment deliver_on>G live_up_to>G meet>G hit>G reach>G surpass>G exceed>G beat>G achieve>G
    begin_operating begin_operation begin_operations start_operating start_operations start_operation begin_service
    start_service begin_serving start_serving begin_running start_running begin_carrying start_carrying
    begin_generating start_generating begin_producing start_producing begin_pumping start_pumping begin_treating
    start_treating begin_receiving start_receiving begin_admitting start_admitting begin_flowing start_flowing
    begin_accepting start_accepting begin_functioning start_functioning begin_working start_working:T begin_rolling
    begin_paying start_paying begin_feeding start_feeding begin_supplying start_supplying begin_moving
    begin_commercial_operations start_commercial_operations begin_to_flow start_to_flow begin_landing start_landing
    begin_applying:R start_applying:R stop_charging stop_collecting stop_paying take_delivery receive_*_promised
    close_for_good be_operational be_up_and_running be_in_use be_in_force be_in_effect be_in_operation be_in_service
    be_fully_operational be_now_open be_open_to be_now_law be_now_free be_now_available be_now_in be_now_operational
    be_now_complete be_available_to be_in_place be_no_longer_in_force roll_off_*_line introduce>B pay_out>B pay>B
    disburse>B credit_to_accounts reach_*_accounts land_in_*_accounts arrive_in_*_accounts decommission>T
    bring_into_force bring_*_into_force bring_*_online put_*_into_service put_*_into_operation put_*_into_use
    put_*_into_force put_*_into_effect go_up_*_per_cent:B extend_*_coverage hold_*_referendum hold_*_as_promised
    end_*_conscription end_*_ban end_*_fee pay_off>G inaugurate go_operational become_reality become_effective
    become_functional become_the_law take_hold:R be_in_full_force be_now_in_force have_effect start_work_at
    throw_open>T fling_open>T unlock_*_gates open_*_gates open_*_wards open_*_to_patients open_*_to_students
    open_*_to_travellers open_for_business open_*_for_business open_for_*_first open_to_*_first welcome_its_first
    greet_*_first>U receive_its_first put_into_service put_into_operation put_into_use put_into_effect put_into_force
    place_into_service place_*_into_service bring_into_service bring_into_use bring_*_into_service bring_*_into_use
    bring_*_into_operation bring_online enter_commercial_service enter_commercial_operation enter_revenue_service
    enter_full_operation enter_full_service start_commercial enter_the_fleet join_the_fleet join_*_fleet
    be_commissioned_into launch_into_service be_sworn_in:U swear_in>U pass_out:U graduate:U do_away_with
    do_away_with>R bring_to_an_end bring_*_to_an_end come_to_an_end:R scrap_*_charges waive>R lift_*_ban lower>R
    reduce>R cut>R raise>R increase>R double>R triple>R introduce_*_free fill_*_vacancies take_up_*_posts
    take_up_*_post top>G smash>G attain>G clear_*_target pass_*_target pass_*_mark reach_*_mark hit_*_mark
    cross_*_mark meet_*_deadline make_good>G see_*_through live_up_to keep_to>G bring_*_tally_to restore>T
    restore_*_service reconnect>T reconnect>U electrify>T light_up>T switch_on be_switched_on turn_*_on be_lit
    be_energised be_energized energise>T energize>T plug_*_into_*_grid hook_up>U connect_to_*_grid
    connect_to_*_network feed_*_into_*_grid join_*_grid feed_*_grid synchronise_with synchronize_with supply_*_grid
    clear_*_arrears settle_*_arrears pay_*_arrears clear_*_backlog write_off>R pull_into:U roll_into:U dock_at:U
    berth_at:U touch_down:U land_at:U take_off_from:U arrive_at_*_new reach_full_capacity cut_*_to_*_target
    bring_*_home nationalise>A nationalize>A legalise>A ratchet_up hit_*_accounts:B show_up_in_*_accounts:B
    be_paid_into be_deposited_in be_credited_to move_into>T move_in:U settle_into>T stop_paying:U vanish_from:R
    disappear_from:R go_free be_scrapped_at_midnight lapse_at_midnight start_using start_issuing begin_issuing
    start_taking begin_taking start_teaching begin_teaching start_housing begin_housing start_collecting_*_benefit
    begin_collecting_*_benefit start_drawing begin_drawing start_dispensing begin_dispensing start_offering
    begin_offering start_enforcing begin_enforcing start_flying begin_flying start_sailing begin_sailing
    begin_shipping start_shipping begin_exporting start_exporting begin_delivering_*_water start_delivering_*_water
    begin_loading start_handling begin_handling begin_processing start_processing be_on_*_streets:U be_on_duty:U
    be_on_*_beat:U be_in_post:U be_in_*_post:U be_at_their_posts:U be_gone:R cease_to_exist:R be_a_thing_of
    come_back_to_life:T be_history:R be_on_the_streets:U be_on_patrol take_to_*_streets:U take_*_posts:U
    report_for_duty:U reach_*_last roar_to_life whir_to_life spring_to_life flicker_on come_on:T be_back_in
    be_back_on:T be_back_online be_fully_staffed be_fully_funded be_on_the_road:T be_on_*_road:T flow_into:R
    flow_into:B land_in:B land_in:R arrive_in:B reach_*_pay_packets reach_*_pockets be_at_sea:T be_in_the_air:T
"""
IN_PROGRESS = """
    lay_*_before_*_house lay_*_before_*_parliament lay_*_before_parliament green-light>R ink_*_deal pass>L clear>L
    go_through>L get_through>L make_it_through make_it_past get_past>L advance_to>L advance_*_to_vote move_to_*_vote
    win_*_vote<Y secure_*_majority be_read_*_first_time vote_*_to_approve<L vote_*_to_pass<L vote_*_to_adopt<L
    vote_*_to_send<L vote_*_to_advance<L vote_*_to_abolish<L vote_*_to_legalise<L vote_*_to_legalize<L
    vote_*_to_scrap<L vote_*_to_extend<L vote_*_to_ban<L send_*_to_president send_*_to_committee refer_*_to_committee
    head_to_*_senate head_to_*_president go_to_*_president go_before_parliament go_before_*_assembly enter_*_phase:W
    enter_*_stage:W take_up>Y agree_on>R get_off_*_ground come_out_of_*_ground top_out hoist drive_*_pile pave:M
    breach:M be_gazetted be_sent_to back<L>R endorse<L>R present>Y introduce>Y table>Y send>Y submit>Y lodge>Y refer>Y
    issue>Y award>K set_up>I establish>I create>I set_up>T establish>T vote_in_favour<L approve>R approve>F approve>W
    pass>R adopt>R ratify>R ratify sign>R sign_into_law sign_*_into_law sign_off_on sign_off>A enact>R enact
    promulgate gazette clear_*_senate clear_*_house clear_*_parliament clear_*_congress clear_*_assembly
    clear_*_committee clear_*_chamber clear_*_hurdle clear_*_commons clear_*_lords clear_*_reading pass_*_senate
    pass_*_house pass_*_parliament pass_*_reading pass_*_chamber pass_*_committee pass_*_commons pass_*_lords
    sail_through squeak_through scrape_through win_*_approval win_*_backing secure_*_approval receive_*_approval
    get_*_approval gain_*_approval obtain_*_approval receive_*_assent get_*_assent get_*_nod get_*_green
    get_*_go-ahead win_*_passage give_*_approval give_*_nod give_*_green give_*_go-ahead give_*_assent
    give_*_blessing<L give_*_sign-off grant_*_approval grant_*_assent grant_*_licence grant_*_license grant_*_permit
    grant_*_permission vote_to_approve vote_to_pass vote_to_send vote_to_adopt vote_to_advance vote_to_abolish
    vote_to_legalise vote_in_favor vote_*_through vote_through push_through>R wave_through ram_through put_*_signature
    put_*_pen affix_*_signature put_*_name_to ink seal>R conclude>R finalise>R finalize>R award>W award_*_contract
    win_*_contract win_*_tender win_*_bid win_*_concession land_*_contract secure_*_contract clinch_*_contract
    clinch_*_deal hand_*_contract sign_*_contract pick_*_to_build choose_*_to_build select_*_to_build hire_*_to_build
    name_*_preferred_bidder place_*_order table<L>R lay_before unveil_*_bill send_*_to_parliament send_*_to_congress
    send_*_to_senate put_*_before_parliament bring_*_before launch>P launch_*_tender open_*_tender open_*_bidding
    issue_*_tender invite_*_bids call_*_bids call_for_tenders float_*_tender put_*_out_to_tender go_out_to_tender
    open_*_bids receive_*_bids shortlist begin:W start:W commence:W begin:P start:P commence:P begin>W start>W
    commence>W kick_off>W kick_off:W begin>P start>P begin_building start_building begin_laying start_laying
    begin_digging start_digging begin_work begin_drilling start_drilling begin_clearing start_clearing begin_hiring
    start_hiring begin_installing start_installing begin_distributing start_distributing begin_handing start_handing
    begin_recruiting begin_enrolling begin_testing start_testing begin_phasing start_phasing begin_dismantling
    start_dismantling start_work get_under_way get_underway be_under_way be_underway be_well_under_way
    be_now_under_way be_under_construction be_being_built pick_up_again bore:M chew_through:M tunnel:M bore_through
    dig>T be_in_full_swing be_taking_shape progress:W advance:W proceed:W proceed:P advance:R proceed_with press_ahead
    push_ahead go_ahead:W move_forward:R move_to_*_senate go_to_*_senate move_ahead_with break_ground turn_*_sod
    turn_*_soil lay_*_stone lay_*_cornerstone lay_*_foundation lay_*_brick pour_*_concrete move_in:M move_onto:M
    arrive:M roll_onto roll_in:M clear:M return:M set_to_work:M get_to_work:M start:M begin:M inaugurate>W launch>W
    resume:W resume:P resume>W resume>P resume:T restart:W restart:T restart>W restart>P restart>T resume_work
    revive>R revive>T unfreeze>A unblock>A reinstate>R reinstate restore>R uphold<C>R rule_*_can_proceed
    rule_*_may_proceed lift>H overturn>H revoke>H remove>H cancel>H annul>H vacate>H quash>H dissolve>H end>H
    set_aside>H reverse>H throw_out_*_challenge reject_*_challenge dismiss_*_challenge dismiss_*_lawsuit
    throw_out_*_lawsuit clear_*_way pave_*_way allocate>F release>F disburse>F earmark>F approve_*_funding secure>F
    unlock>F inject>F acquire>T procure>T contract>W open_*_talks open_*_negotiations set_up_*_commission
    appoint_*_commission pilot>A trial>A lay:M extend:M build:M put_into_law write_into_law enshrine green-light>A
    greenlight>A fast-track>A okay>A ok>A authorise>A authorize>A license>A permit>W clear<L>R clear>Y obligate>F
    commit>F approve<L>B endorse<L vote_*_in_favour vote_for<L>R move_to:M be_on_site:M be_at_work:M be_busy:M
    be_hard_at_work:M excavate>T dig_*_foundations pour_*_foundations lay_*_foundations lay_*_track lay_*_rails
    lay_*_pipes lay_*_cable lay_*_asphalt lay_*_first_stone drive_*_first_pile sink_*_first_pile sink>T bore>T
    dredge>T erect_*_first assemble>T weld:M pour:M dig:M excavate:M level:M grade:M erect:M demolish:M work:M
    install:M put_up:M raise:M reach_*_halfway reach_*_half-way pass_*_halfway hit_*_halfway be_half-built
    be_half_built be_nearing_completion near_completion:W near_completion:T approach_completion take_shape:T rise:T
    be_going_up go_up:T be_advancing be_progressing make_*_progress:W make_*_progress:P gather_pace gather_speed:W
    pick_up_pace:W speed_up>W be_on_track be_on_schedule be_ahead_of_schedule be_at_advanced_stage be_in_*_stages
    be_in_*_phase be_in_*_pipeline break_ground_on begin_*_works start_*_works begin_site begin_preliminary
    begin_preparatory start_preparatory begin_drafting start_drafting begin_interviewing start_interviewing
    begin_recruitment start_recruitment open_*_recruitment open_recruitment open_*_applications open_applications
    open_enrolment open_registration open>P invite_applications invite_*_applications advertise>K call_for_bids
    call_for_*_bids seek_*_bids invite_bids solicit_bids solicit_*_bids receive_bids attract_*_bids open_bids
    evaluate_*_bids pick_*_consortium select_*_consortium choose_*_consortium pick_*_contractor select_*_contractor
    choose_*_contractor name_*_contractor appoint_*_contractor hire_*_contractor tap_*_to_build commission_*_to_build
    contract_*_to_build engage_*_to_build sign_*_with order>T place_*_order_for sign_*_deal sign_*_agreement
    sign_*_loan sign_*_memorandum close_*_deal strike_*_deal reach_*_deal reach_*_agreement clinch_*_agreement
    initial>R reach_financial_close take_*_investment_decision secure_*_funding secure_*_financing secure_*_loan
    approve_*_loan grant_*_consent grant_*_planning win_*_consent receive_*_consent get_*_consent obtain_*_permit
    receive_*_permit get_*_permit issue_*_permit issue_*_licence issue_*_license grant_consent give_*_consent
    give_consent give_*_all-clear give_*_thumbs give_*_permission secure_*_permission give_*_final_approval
    publish_*_bill publish_*_draft publish_*_white unveil>Y gazette_*_bill file_*_bill file>Y bring_forward>Y
    lay_before_parliament put_to_*_vote pass_*_second_reading pass_*_third_reading pass_*_first_reading pass_into_law
    pass_unanimously move_through>L move_to>L wend win_passage sail_through>L clear_*_stage adopt_*_position
    agree_to_*_text put_forward>Y assent_to>Y give_royal ratify_*_deal vote_through>Y allocate_*_money set_aside>F
    release_*_funds transfer_*_funds disburse_*_funds wire>F budget>F dismiss<C>P let_*_proceed let_*_go_ahead
    allow_*_to_proceed allow_*_to_go_ahead allow_*_to_resume permit_*_to_proceed green_light>R green_light>A
    lift_*_suspension lift_*_freeze lift_*_injunction lift_*_ban_on_construction be_back_on_track get_back_on_track
    be_back_at_work return_to_work:M return_to_site get_going:W get_going:P get_started:W get_started:P
    cross_*_per_cent:P cross_*_per_cent:W
    give_*_blessing give_its_blessing be_at_the_site:M be_at_*_site:M drive>W let>K
"""
STALLED = """
    suspend>R suspend>W suspend>P suspend>B kick_*_into_next kick_into_*_grass kick_*_grass kick_*_down_*_road
    suspend:W suspend<C halt>A halt:W halt<C block<C>A block<C block>R freeze>A freeze<C stay<C pause>A pause<C stop>W
    stop:W stop<C stop_work stop_building down_tools stall:A stall:P stall:W stall>A stall delay>A delay>D postpone>A
    postpone>D postpone defer>A defer>D push_back>D push_back>A put_off>A put_off>D put_back>D set_back>A slip:D
    slip_to:A slip_into:A adjourn>A slow:W drag_on:W drag_on:P shelve>A shelve mothball park>R table_indefinitely
    sideline>A hold_up>A hold_up<C impede derail>A hamstring put_*_on_hold put_*_on_ice put_*_on_pause
    put_*_on_backburner be_on_hold be_on_ice remain_on_hold remain_on_ice be_on_backburner be_in_limbo remain_in_limbo
    leave_*_in_limbo leave_*_in_doubt be_at_standstill be_deadlocked be_stuck remain_stuck be_stalled remain_stalled
    be_bogged get_bogged bog_down be_gridlocked be_mired get_stuck be_frozen remain_frozen remain_suspended
    remain_blocked remain_closed:T remain_shut:T remain_unfinished remain_idle remain_paralysed remain_paralyzed
    be_idle be_unfinished lie_idle sit_idle stand_idle lie_abandoned stand_abandoned stand_unfinished lie_unfinished
    sit_unfinished sit_empty:T stand_empty:T gather_dust languish:R languish:P languish_in be_behind_schedule
    run_behind_schedule fall_behind run_late:A be_running_behind be_overdue miss_*_deadline blow_past_*_deadline
    miss_*_opening_date grind_to_halt grind_to_*_halt come_to_halt come_to_*_halt come_to_*_standstill bring_*_to_halt
    bring_*_to_*_halt bring_*_to_*_standstill come_to_*_stop run_aground run_into_*_trouble run_into_*_sand hit_*_snag
    hit_*_wall hit_*_buffers hit_*_roadblock hit_*_impasse hit_*_deadlock reach_*_impasse reach_*_deadlock collapse:P
    break_down:P break_off>P break_off:P fall_apart:P walk_out_of_talks walk_away_from_talks run_out:F dry_up:F
    run_out_of:A run_out_of_money run_out_of_funds withhold>F cut_off>F pull_*_funding withdraw_*_funding
    issue_*_injunction grant_*_injunction grant_*_stay issue_*_stay issue_*_restraining_order order_*_halt
    order_*_suspension order_*_stop order_*_pause impose_*_moratorium issue_*_conservatory_orders enjoin bar<C veto
    veto>R reject<L vote_down<L defeat<L reject_by_lawmakers turn_down<L throw_out<L fail_to_pass fail_to_muster
    fail_to_secure fall_short_of_*_majority fall_short_of_*_votes send_back>R return_*_unsigned refuse_to_sign
    decline_to_sign refuse_assent bounce_back send_*_back_to move_*_deadline move_*_date push_*_deadline push_*_date
    extend_*_deadline extend_*_date extend_*_moratorium move_*_opening paralyse paralyze cripple>W abandon:M leave:M
    strip_of_quorum lose_*_quorum lack_*_quorum filibuster pull_*_vote pull_*_agenda remove_*_agenda strike_*_agenda
    cancel_*_vote call_off_*_vote invalidate_*_tender declare_*_tender_void fail_to_attract_bids attract_no_bids
    draw_no_bids press_pause_on hit_*_pause press_*_pause put_on_hold put_on_ice put_on_pause put_on_backburner
    place_on_hold place_*_on_hold stand_still:W be_at_*_standstill have_stopped be_in_*_limbo leave_in_limbo
    hang_in_*_balance be_tied_up remain_tied_up remain_unbuilt stymie>A stymie thwart>A stick_in get_held_up
    lie_dormant lie_half-built stand_half-built lie_half-finished stand_half-finished sit_half-finished sit_unused
    stand_unused sit_in_*_committee sit_on_*_desk languish:Y sit:Y freeze>R freeze>F slip:A slip:W slip:T slip_by
    slip_again slip_another overrun:A run_*_late run_*_behind fall_*_behind lag_behind lag:W collapse:R break_up:P
    break_up_without end_without_agreement end_without_*_agreement end_without_*_deal end_in_deadlock end_in_stalemate
    reach_stalemate reach_deadlock reach_impasse reach_*_stalemate walk_off:M down_tools:M leave_*_site:M stop_work:M
    strike:M demobilise:M demobilize:M pull_out:M push_back push_to put_off_until defer_to kick_*_can hold_over>A
    hold>Y hold_back>F hold_back>A withhold_*_funding run_dry:F stop_*_payments freeze_*_funding cut_*_funding
    refuse_consent refuse_permission deny_*_permit deny_*_permission reject_*_application_for revoke_*_permit
    quash_*_permission overturn_*_permission strike_*_permission fail:Y fail_in>L fall_in>L fall_short_in>L block_in>L
    block<L kill<L sink<L scupper<L delay<L filibuster>Y bottle_up>Y withhold_*_consent issue_injunction
    obtain_*_injunction win_*_injunction secure_*_injunction impose_*_stay order_*_suspended>A order_*_halted>A
    temporarily_block rule_against<C
    put_*_back_burner put_on_*_back_burner
"""
BROKEN = """
    abandon>R abandon>W abandon>P fall:Y die:Y withdraw>A pull>R pull_*_bill cancel>A call_off>A scrap>A axe>A ditch>A
    dump>R drop>R abandon>G junk>A trash>R shred>R discard>R jettison>R bury>R kill>R kill_off>A kill_off sink>R
    torpedo>R scuttle>R scupper>A spike>R nix>A abort>A give_up_on give_up>A walk_away_from>A back_away_from>A
    back_out_of back_down_on back_down_from back_off_from back_off>R backtrack_on backpedal_on renege_on row_back_on
    go_back_on u-turn_on make_u-turn perform_u-turn do_u-turn perform_*_u-turn make_*_u-turn change_*_mind_on
    retreat_from pull_out_of>R pull_*_plug throw_in_*_towel wash_*_hands_of climb_down tear_up>A rip_up>A
    do_away_with>G rule_out>A rule_out rescind>A revoke>A repeal annul>A nullify>A invalidate>A void>A quash>A
    overturn>R reverse>R undo>R roll_back>R unwind>R terminate>A strike_down strike_out_of strike_out<C>R throw_out<C
    declare_*_unconstitutional declare_*_unlawful declare_*_illegal declare_*_void declare_*_null
    find_*_unconstitutional hold_*_unconstitutional rule_*_unconstitutional rule_*_unlawful rule_*_illegal
    set_aside<C>R cancel<C void<C annul<C quash<C overturn<C nullify<C invalidate<C rule_against<C>R reject<V
    vote_down<V defeat<V vote_against<V vote_no<V turn_down<V throw_out<V say_no_to<V overturn<V lose_*_referendum
    be_dead be_dead_in_water be_off_*_table declare_*_dead pronounce_*_dead will_not_go_ahead break_*_promise
    break_*_pledge break_*_word break_*_commitment betray_*_promise breach_*_promise violate_*_pledge
    fail_to_deliver_on fail_to_meet>G fall_short_of>G miss>G lapse:R lapse:D expire_without pass_without:D
    die_in_committee die_on_*_order bite_*_dust fall_by_*_wayside shelve_*_good shelve_*_permanently drop_*_altogether
    close_*_good:A raise_*_despite cut_*_despite scrap>R scrap>T axe>R axe>T drop>T give_up_on>R shelve_*_for_good
    shelve_indefinitely call_time_on call_off>R call_off cancel>R cancel>T cancel>P abandon>T repeal>R reverse>G
    reverse_*_ban reverse_course_on reverse_*_decision u-turn perform_*_about-face make_*_about-face ditch>R ditch>T
    rule_out>R disown>G disavow>G kill>Y kill_off>R strike>R strike_from strike_*_from_*_books be_no_more
    fall_in_*_referendum defeat_*_referendum be_defeated_in_*_referendum vote_to_reject<V vote_to_scrap<V tear_up>R
    tear_up nullify>R declare_*_invalid declare_unconstitutional declare_unlawful rule_unconstitutional rule_unlawful
    find_unconstitutional find_unlawful strike_down>R throw_out<C>R toss_out<C>R toss<C>R void>R dissolve>I disband>I
    abolish_*_weeks wind_up>I wind_down>R pull_out_of withdraw_from>R withdraw>Y raise_*_after_promising
    raise_*_after_vowing backtrack backpedal renege back_down scrap_*_plan scrap_*_plans drop_*_plans ditch_*_plans
    abandon_*_plans shelve_*_plans_for_good miss_*_target miss_*_goal fail_to_reach>G fall_short_of_*_target
    fall_short_of_*_goal fall_*_short_of_*_target wipe_out>R
"""
PARTLY = """
    water_down>R dilute>R scale_back>A scale_down>A pare_back>A trim>R strike_down_part strike_down_parts
    strike_down_sections strike_down_provisions strike_down_some strike_down_several fall_short_of_*_promised
    fall_short_of_*_pledged come_*_short_of_*_promised come_up_short
"""

# Verbs of beginning and sending: negated, they mean that nothing has started.
STARTS = frozenset(
    """
    begin start commence break lay turn send submit table introduce present award launch draft publish open file sign
    issue move set propose appoint pour dig build lodge call invite allocate release disburse hire buy order install
    create establish clear refer put kick get erect spend name advertise select pick recruit survey unveil bring
    contract procure gazette
    """.split()
)

# Verbs of use: people who use a thing for the first time, or can use it now, have it.
USES = frozenset(
    """
    board ride cross use enter check arrive travel roll pass move dock land depart apply claim sail settle enrol
    enroll walk drive fly sit take receive get begin start attend collect commute access see register book unload buy
    occupy sleep graduate run hit reach go flow pull drop admit carry welcome treat serve transport deliver handle
    process produce generate export ship send feed pay issue house host accommodate teach accept swear train deploy
    dispatch load berth transfer relocate rehouse touch pick turn come step file queue stream pour return vaccinate
    inoculate perform operate give award grant leave withdraw draw cash light import pack throng fill crowd jam
    """.split()
)

# Verbs of running: with "now", the thing is in operation.
RUNNING = frozenset(
    """
    reach carry run serve operate work function generate produce supply pay receive get treat cover apply offer link
    connect use cross travel ride enjoy live study attend sail fly pump provide flow welcome admit accept process
    handle teach house shelter heat light ship transport export feed draw collect claim ferry shuttle irrigate cool
    protect patrol guard screen scan monitor train stand deliver host hold dispatch answer take ban prohibit require
    oblige allow let entitle benefit sleep commute board drive charge call stop land care fit replace equip install
    clear plant repair rebuild rehouse vaccinate immunise immunize wire electrify pave staff relocate resettle
    transfer exempt enrol enroll register hire deploy post cost fund subsidise subsidize reimburse insure grant award
    credit issue distribute give bring desalinate purify filter dock berth depart leave arrive pass burn shine stream
    broadcast test educate jail detain imprison confine accommodate tax levy fine
    """.split()
)

PREPOSITIONS = frozenset("of in on at by for from with into over under about against between through during".split())
DETERMINERS = frozenset(
    """
    the a an its his her their our this that these those any some each every no all new of and with public first
    second own more most other current 's’ ’s 's in for on by from to my your several many recent final
    """.split()
)
SUBORDINATORS = frozenset(
    """
    after since following when while whereas despite because before until till once if unless although though whether
    having where how why amid without than like besides upon
    """.split()
)
RELATIVES = frozenset("that which who whose whom where".split())
SAYS = frozenset(
    """
    said says say saying announced announces announce confirmed confirms confirm reported reports showed shows told
    added noted ruled revealed acknowledged admitted stated explained insisted conceded decided declared disclosed
    conceding announcing confirming adding means meant tweeted wrote verified found
    """.split()
)
# Anywhere before the verb in its clause: it is planned, wished, feared or doubted.
HEDGES = frozenset(
    """
    deny denies denied denying if unless until once whether before expected expects expect expecting vow vowed vows
    vowing proposed proposes propose proposing ask asks asked asking demand demands demanded demanding urge urges
    urged urging scheduled rumour rumours rumoured rumor rumors rumored possible possibly likely unlikely falsely fear
    fears feared hope hopes hoped hoping want wants wanted wanting would might may could should threat threaten
    threatens threatened threatening warn warns warned warning will shall wish wishes wished plan-to plans-to
    planned-to planning considers considering weighs weighing mulls mulling eyes reportedly allegedly supposedly
    apparently perhaps maybe seeks seeking sought trying tries aims aiming intends intended intending pressure pressed
    pressing begged petitioned petition called-for calls-for calling-for predicted predicts forecast suppose
    suggesting suggests suggested hypothetical imagine unclear nobody none neither nor cannot must ought dream dreams
    needs seems appears recommended recommends recommending tipped promised-to promised-that promises-to promise-to
    pledged-to pledged-that pledge-to pledges-to set-to due-to ahead-of false-that as-if in-case had-the had-it
    called-on calls-on calling-on yet-to fail-to fails-to refuse-to refuses-to refused-to
    """.split()
)
ADVERBS = frozenset(
    """
    already also now finally just still officially formally then only once again later even soon first either both
    immediately today yesterday monday tuesday wednesday thursday friday saturday sunday late early eventually quietly
    yet ever all instead effectively partly partially well jointly
    """.split()
)
BE = frozenset("is are was were be been being 's 're get gets got getting".split())
HAVE = frozenset("has have having 've".split())
MODALS = frozenset(
    """
    will would shall should could can may might must to cannot ought 'll 'd won't wouldn't can't couldn't
    """.split()
)
NEGATIONS = frozenset("not never no n't nor neither hardly barely scarcely without none nobody nothing".split())

# In the past tense, with people as subject: they were given what was promised.
RECEIVES = frozenset(
    """receive get collect draw gain obtain
    pocket""".split()
)
BEING = frozenset({"be"})
# States in which a building or a service is there; those of STATES_NOW only with "now" or "since".
STATES = frozenset("open operational live lit operating functional running".split())
STATES_NOW = frozenset(
    """
    free mandatory compulsory illegal legal available complete law offence offense crime entitled eligible exempt
    covered banned outlawed required
    """.split()
)
# Verbs of building: in the present or progressive, the thing is not there yet.
BUILDS = frozenset("build install construct erect pave connect recruit hire complete finish roll".split())
