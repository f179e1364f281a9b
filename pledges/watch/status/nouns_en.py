"""English: nouns by class, for the verb patterns in `patterns_en.py`. Data only."""

NOUNS = {
    # What is built or bought.
    "T": """
        leg prison jail penitentiary hospital clinic school university campus college airport seaport port harbour
        harbor terminal bridge road street highway motorway expressway freeway bypass interchange flyover corridor
        railway railroad rail metro subway tram tramway monorail train line tunnel dam reservoir aqueduct canal plant
        refinery factory mill station substation centre center unit ward wing office park farm home house housing flat
        apartment dwelling bus ambulance boat ship vessel frigate submarine ferry aircraft jet helicopter drone
        scanner rifle vehicle stadium arena market pipeline runway embassy consulate crossing phase stage section
        stretch lane barracks base shelter nursery library museum theatre laboratory lab reactor turbine grid network
        cable satellite computer laptop tablet textbook uniform kit vaccine dose well borehole pump sewer sewage
        landfill incinerator wall fence barrier checkpoint courthouse facility building complex project site camp hub
        desk service helpline hotline portal website app platform system registry academy kindergarten creche daycare
        dormitory hostel ringroad cableway ropeway gondola teleferico dock quay pier wharf jetty lighthouse spaceport
        depot warehouse silo greenhouse mine quarry smelter array solar wind scheme programme program scholarship
        voucher card device camera radar equipment fleet tractor truck lorry engine locomotive carriage water
        electricity power plane block level trunk spur extension link route icebreaker classroom bed cell ambulatory
        footbridge underpass overpass viaduct causeway roundabout toll cycleway bikeway path trail streetlight lamp
        lighting light tap tower mast antenna tank warplane fighter missile howitzer bodycam cctv generator battery
        charger panel meter pylon interconnector culvert drain embankment seawall levee dyke dike breakwater slipway
        hangar helipad apron seedling tree fertiliser fertilizer seed tool book bicycle bike motorcycle motorbike
        container detector alarm buoy lifeboat minibus coach railcar wagon trolleybus funicular elevator lift
        escalator toilet latrine incubator ventilator pharmacy dispensary surgery hospice maternity icu orphanage
        cinema gallery archive pool gym velodrome rink garden reserve sanctuary zone outpost precinct fort village
        settlement township estate cottage villa studio kitchen canteen bakery abattoir slaughterhouse granary brigade
        battalion squad regiment corps register database observatory institute headquarters mint foundry gigafactory
        megaprison supermax remand detention custody watchtower kiosk x-ray tomograph mri broadband fibre fiber
        internet wifi signal irrigation boiler heater stove turnstile gate kennel stable pitch field playground court
        bench tribunal streetlamp bulb sign
    """,
    "I": """
        agency authority ministry department commission institute fund bank secretariat council taskforce office
    """,
    "Y": """
        law bill act reform overhaul amendment legislation statute ordinance budget constitution treaty decree order
        regulation code charter
    """,
    "K": """
        contract concession tender licence license deal work
    """,
    # What is written, decided or promised.
    "R": """
        law bill act decree order reform overhaul contract agreement deal accord pact treaty convention protocol rule
        budget plan tax vat levy duty tariff excise amendment measure constitution code regulation scheme programme
        program project promise pledge commitment subsidy ban moratorium tender auction pension toll privatisation
        privatization referendum policy article tuition fee quota legislation strategy statute ordinance charter
        framework package proposal initiative directive resolution motion draft text white clause provision chapter
        title cut freeze increase hike rise cap ceiling floor price rent wage allowance benefit grant credit rebate
        relief holiday exemption exclusion requirement mandate visa permit licence license concession lease purchase
        sale takeover merger funding loan financing money bond guarantee scholarship service conscription surcharge
        charge penalty fine age limit target goal threshold lockdown curfew restriction sanction embargo border
        barrier tribunal memorandum roadmap declaration legalisation legalization decriminalisation nationalisation
        nationalization deportation amnesty pardon immunity transfer handover secession independence partition split
        hub power offer bid study assessment procurement executive veto nomination appointment summit election vote
        poll census surtax royalty contribution premium bracket band registry ceasefire fare rate interest ration
        waiver handout payout stipend bursary supplement top-up income minimum sentence sentencing leave parole bail
        detention custody check inspection screening passport identity id card curriculum subject exam test
        inheritance stamp customs carbon sugar tobacco alcohol fuel petrol diesel gas electricity plastic vape
        e-cigarette vaping smoking rental lettings tenancy zoning clampdown crackdown system rulebook standard norm
        guideline insurance cover coverage zero-rating zone regime
    """,
    "W": """
        pile work construction building excavation dredging piling tunnelling tunneling drilling earthworks groundwork
        demolition paving asphalting expansion extension renovation refurbishment restoration upgrade upgrading
        modernisation rehabilitation electrification widening installation rollout clearance reconstruction rebuilding
        digging boring sinking surfacing resurfacing landscaping foundation groundworks trackwork tracklaying
        concreting dredge cladding roofing fit-out reclamation planting fencing fitting testing
    """,
    "P": """
        acquisition talk negotiation process procedure bidding tender auction competition consultation recruitment
        hiring registration enrolment enrollment reading distribution disbursement payment delivery shipment transfer
        review sale rollout release publication trial pilot licensing application call casting sign-up intake
        tendering survey mapping vetting screening vaccination census
    """,
    "B": """
        payment benefit pension allowance stipend grant voucher coverage cover subsidy rebate refund wage salary pay
        cash meal lunch breakfast medicine treatment care discount relief credit scholarship bonus deposit cheque
        check insurance leave bursary supplement top-up payout handout ration formula textbook laptop tablet computer
        kit uniform title deed compensation reparation arrears raise increase rise basket food aid support entitlement
        income tax-free minimum dividend instalment wages transport fare ride travel session therapy drug inhaler
        insulin dialysis contraception vaccine jab childcare hours
    """,
    "H": """
        suspension injunction freeze stay block halt hold moratorium restraining ban blockade pause embargo stoppage
        impasse deadlock standstill
    """,
    "D": """
        deadline date opening completion launch inauguration start delivery vote rollout introduction
    """,
    "C": """
        court judge tribunal justice magistrate bench chamber scotus supreme judiciary jurist ombudsman arbitrator
        watchdog regulator council
    """,
    "L": """
        parliament senate congress assembly house commons lords duma knesset bundestag bundesrat lawmaker legislator
        legislature senator deputy mp mep congressman congresswoman committee chamber diet sejm rada riksdag majlis
        mps meps backbencher peer
    """,
    "V": """
        voter citizen electorate referendum plebiscite poll ballot islander swiss
    """,
    "U": """
        passenger patient student pupil inmate prisoner traveller traveler commuter motorist driver train car truck
        ship boat vessel bus tram plane flight family tenant resident beneficiary customer visitor child children
        pensioner recruit teacher tourist shopper cyclist pedestrian worker farmer applicant claimant retiree senior
        household woman mother refugee officer cadet vehicle lorry freight container cargo everyone people traffic
        megawatt kilowatt electricity power water litre barrel dose gas tonne rider shipment ferry freshman fresher
        undergraduate graduate learner trainee apprentice intern detainee convict offender renter landlord homeowner
        buyer owner borrower taxpayer consumer user caller guest islander villager citizen survivor victim parent
        carer caregiver employee employer staff nurse doctor midwife soldier veteran sailor fisherman fisherfolk
        smallholder grower breeder herder producer exporter importer trader business evacuee migrant newcomer
        asylum-seeker baby toddler infant newborn adult youth teenager girl boy man elderly widow orphan amputee
        sufferer disabled voter ton parcel letter cruise liner tanker freighter barge truckload convoy airliner jet
        helicopter airline shuttle wagon carriage locomotive tap bulb sick person professor lecturer player athlete
        swimmer runner fan spectator member subscriber policyholder jobseeker unemployed miner community village town
        county district home office classroom squatter settler returnee couple single newlywed enrollee enrolee
        entrant arrival admission case call calls
    """,
    "M": """
        drillship bulldozer excavator crew worker digger builder engineer labourer contractor machine machinery drill
        welder crane mason surveyor dredger backhoe earthmover shovel gang team diver steelworker scaffolder roller
        truck lorry barge rig piledriver tunneller tunneler mobile heavy
    """,
    "F": """
        funding fund money loan financing budget cash billion million grant sum capital tranche instalment installment
        investment appropriation
    """,
    "G": """
        target goal pledge promise commitment quota objective benchmark ceiling
    """,
    # Nouns with which these verbs mean something else.
    "X": """
        investigation probe inquiry enquiry fire flight class match speech debate session account criticism appeal
        bail allegation accusation request debt charge troop ambassador player doubt case hearing summit conference
        meeting event festival exhibition attack offensive strike lecture statement message warning verdict ruling
        sentence blow ceasefire gap rift wound dialogue conversation door war campaign rally protest suspect official
        striker coach team club game tournament concert tour album song film season subscription airline captain
        defender goalkeeper bowler midfielder winger share trading stock currency market demand call argument idea
        notion suggestion claim remark comment report email letter question tributes tribute condolence wreath
        congress forum gathering gala fair carnival mural statue monument plaque ballot eye mouth champagne
        congratulation hopes hope ultimatum visit trip journey candidacy agenda passport holiday party ceremony
        birthday training store shop restaurant hotel branch showroom outlet supermarket academic primary caucus
        nomination bottle betting bid innings seminar workshop webinar rehearsal premiere
    """,
}
