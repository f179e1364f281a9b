"""English: expressions that stand for a status when they state a fact. Data only; `suggestion.py` compiles them."""

from pledges.domain.rules import Status


def _within(words: int) -> str:
    return rf"(?:[\w’'-]+ ){{0,{words}}}?"


_PROMISE = rf"{_within(5)}(?:promises?|pledges?|commitments?|vows?|word|targets?|goals?|deadlines?|manifesto)"
_COUNT = r"(?:\d[\d.,]*|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|half|some|most)"
_PLAN = rf"""
    (?:the |its |his |her |their |a )?{_within(4)}(?:plans?|bill|promise|pledge|targets?|commitment|policy|law|reform|
    tax|ban|project|scheme)
"""
_NEW = r"(?:first|inaugural|maiden|last)"
_USERS = r"""
    (?:passengers|patients|students|pupils|residents|inmates|prisoners|detainees|riders|flights?|trains?|families|
    customers|users|payments?|calls|tenants|recruits|vehicles|ships?|trucks|children|women|homes|houses|visitors|
    village|officers)
"""

# Endings of the past, the participle and the third person.
FORMS = {"ed": "e?d|e?s"}
# Stems, by ending.
VERBS = {
    Status.BROKEN: {
        "ed": """
            scrapp cancell? abandon ax ditch repeal revok overturn quash annul renege backtrack reject outvot junk
            terminat rescind nullifi invalidat disband
        """,
    },
    Status.STALLED: {
        "ed": """
            suspend halt paus block stall delay postpon defer shelv veto defeat stymi derail obstruct adjourn stay
            paralys languish collaps park mothball
        """,
    },
    Status.IN_PROGRESS: {
        "ed": """
            approv adopt endors ratifi introduc tabl submitt launch award enact resum restart authoris
            authoriz releas allocat finalis finaliz excavat back begin start commenc sign unveil
        """,
    },
    Status.KEPT: {
        "ed": """
            inaugurat abolish complet finish legalis legaliz nationalis nationaliz ban outlaw achiev restor graduat
            commission reopen
        """,
    },
}  # Other expressions.
CUES = {
    Status.BROKEN: rf"""
        scraps|ditch|scrap|withdr(?:ew|aws|awn)|killed|ruled out|u-turns?|torn up|wiped out|struck out|rules out|drops|
        dies|died|sinks?|sank|off the table|is dead|for good|(?:given|gives?|gave|giving) up|turned down|is off|
        voted no|(?:voted|votes?) (?:it |them )?(?:down|against)|said no to|no votes?|thr(?:ew|own|ows) out|
        walked away from|gave up on|(?:dropp(?:ed|ing)|drops|pull(?:ed|s)) {_PLAN}|(?:struck|strikes|strike) (?:it |
        them )?down|(?:ruled|declared|found|held|holding)(?: \w+){{0,5}} (?:unconstitutional|unlawful|illegal|invalid|
        void)|(?:broke|broken|breaks|breaking|breach(?:ed|es)|betray(?:ed|s)|miss(?:ed|es)|fail(?:ed|s) to (?:meet|
        deliver|keep|reach|hit|fulfil|honou?r)|fell (?:\w+ )?short of|(?:has|have) not (?:met|kept|fulfilled|honou?red|
        delivered)|never (?:met|kept|fulfilled|delivered)|(?:did|do|does) not (?:meet|keep)|despite|in spite of|
        against|contrary to|fail(?:ed|s) (?:on|in)|failure of|giving up|set aside) {_PROMISE}(?: not)?|(?:will|
        would) not (?:go ahead|proceed|return|be (?:built|held|introduced|met|delivered|renewed)(?! (?:by|until|
        before)))|passed without
    """,
    Status.STALLED: rf"""
        frozen?|froze|freezing|stuck|idle|deadlock(?:ed)?|stalemate|limbo|standstill|injunctions?|conservatory orders?|
        bogged down|breaks? down|broke down|collapses?|lost \d+ (?:to|[-–])|fell \w+ votes short|down tools|delays|
        (?:push(?:ed|es)|put|set|held|kicked|mov(?:ed|es)|sent) {_within(4)}(?:back|off|on hold|on ice|on pause|
        into next \w+)|on (?:hold|ice)|held up|broken down|(?:moved|extended|pushed|
        postponed) the {_within(2)}(?:deadline|date)|(?:removed|took|taken) {_within(5)}(?:from|off) the (?:agenda|
        program(?:me)?)|(?:slipp(?:ed|ing)|slips)|behind (?:schedule|target|plan)|off[- ]track|not on track|(?:ran|run|
        runs|running) (?:\w+ )?(?:late|behind|out of (?:money|funds|time))|(?:will|would|could|set to|
        likely to) (?:\w+ )?(?:miss|fall short of|fail to (?:meet|hit|reach))|(?:can|will|would|may|could)(?: ?not|
        n['’]t) be (?:met|ready|finished|completed|(?:built|delivered|open|opened) (?:by|until|before))|
        impossible to (?:meet|reach|deliver)|into the \d{{4}}s|(?:has|have) yet to|still (?:no|waiting|awaits|awaiting|
        not)|not yet|stopped|no (?:date|timetable|timeline)|years? (?:late|later than|behind)
    """,
    Status.IN_PROGRESS: rf"""
        pass(?:ed|es)(?! (?:away|up|out|on|over|without|off)\b)|vote[sd] (?:[\d-]+ )?(?:to|for|in favou?r)|began|begun|
        inked|took up|presented {_within(4)}(?:bill|plan|reform|initiative|proposal)|royal assent|(?:first|second|
        third|final) reading|gives? {_within(4)}(?:nod|blessing)|gave {_within(5)}(?:nod|blessing|backing)|signature|
        set up|broke(?:n)? (?:ground|on)|breaks ground|ground has been broken|got going|picked up again|moved in|
        moved onto|gone up|clearing|halfway|chewed through|under ?(?:way|construction)|(?:is|are) (?:now |still |
        already |also )?(?:being|on track|on course|going ahead|rising|moving|advancing|building|working)|(?:pressed|
        pushed|moved|gone|went|going|moving) (?:ahead|forward)|signed off|sends|files?|agree[sd]? (?:on|to)|reach(?:ed|
        es)? (?:an? )?(?:deal|agreement)|clears|cleared|(?:planning|development) (?:consent|permission|approval)|
        contracts?|preferred bidders?|tenders?|consultation|hearings|negotiations|legislation|\d[\d.,]* ?(?:%|
        per ?cent) (?:complete|built|finished|done|of)|(?:crossed|passed|reached) \d[\d.,]* ?(?:%|per ?cent)|
        inaugurat(?:ed|es) the works|(?:lift|cancell?|overturn|remov|quash|end)(?:ed|s) (?:the |a |
        its )?{_within(1)}(?:suspension|injunction|freeze|stay|halt|hold|moratorium)|(?:recruit|hir|build|invest)ing
    """,
    Status.KEPT: rf"""
        (?:open(?:ed|s)|delivered)(?! (?:fire|an? (?:inquiry|investigation|probe|debate|tender|account|consultation|
        speech)|talks|negotiations|the (?:door|way)|up\b))|finally has|(?:is|are) (?:now )?(?:open|operational|law|
        free|in force|in place|available|in (?:service|operation|use|post))|now (?:\w+ )?(?:available|open|law|free|
        operational|complete|banned|an offence|cross|covers?|carr(?:y|ies)|gets?|receives?|uses?|runs?|reaches|
        in post)|(?:c[ao]me|came|comes|went|goes|entered|enters|gone|brought|took|takes|taken|
        thrown) (?:in)?to (?:force|effect|law|service|operation|being)|(?:took|takes|taken) effect|bec(?:ame|
        omes?) law|in force since|kicked in|thrown open|bec(?:ame|omes?) (?:legal|free|illegal|compulsory)|
        came back to life|(?:met|meets|meeting|kept|keeps|fulfill?(?:ed|s)|hit|hits|reach(?:ed|es|ing)|exceed(?:ed|s)|
        surpass(?:ed|es)|beat(?:en|s)?|honou?r(?:ed|s)|deliver(?:ed|s) on|made good on) {_PROMISE}|hand(?:ed|s) over|
        sworn in|up and running|(?:beg[au]n|start(?:ed|s)|begins) (?:operating|operations|running|serving|carrying|
        generating|paying|flowing)|(?:has|have) (?:now |all )?been (?:hired|built|paid|replaced|lit|recruited|
        installed|hooked up|connected|done away with)|hired|{_NEW} (?:[\w’'-]+ ){{0,3}}?{_USERS}|for the first time|
        (?:from|since|as of) (?:today|yesterday|this \w+|now|midnight|(?:mon|tues|wednes|thurs|fri|satur|sun)day|
        \d+ \w+)|(?:shut|closed) (?:down )?on|held on \w+day|as promised|overnight|no longer (?:pay|pays|charged?|
        billed|required|have to|exists?)|is gone|on the road|on the streets|accounts on
    """,
    Status.NOT_STARTED: r"""
        (?:has|have|had) (?:not|never|yet to|still not|not yet|not even|still to)(?: even| yet)?(?: been)? (?:begin|
        begun|start(?:ed)?|broken? ground|sent?|submit(?:ted)?|tabled?|draft(?:ed)?|introduced?|launch(?:ed)?|
        present(?:ed)?|publish(?:ed)?|appoint(?:ed)?|award(?:ed)?|bring forward|set foot)|(?:not a|
        no) (?:single )?(?:brick|stone|shovel|house|home)|(?:nothing|no (?:work|works|construction|bill|
        contract(?:or)?|tender)s?) (?:\w+ )?(?:has|have|is|was|were)|(?:still|only) (?:an? )?(?:empty field|bush|scrub|
        wasteland|weeds|on paper)
    """,
    Status.UNCLEAR: r"""
        (?:it is|it was|it remains|remains|still) (?:un(?:clear|known)|not clear) (?:whether|if|how|what)|(?:nobody|
        no one) (?:knows|can say|can tell)|contradictory|anyone['’]s guess|is not known|(?:no|without) (?:official|
        public|reliable) (?:figures|data|records?)|(?:would|could) not (?:say|establish|determine|tell) (?:how many|
        how much|whether|if)|different figures|keeps no (?:count|record)
    """,
}
# With these, what is kept is only a part.
PART = rf"""
    {_COUNT} (?:\w+ )?(?:out )?of (?:the |its |his |her |those )?(?:\w+['’]s )?(?:\w+ )?(?:\d[\d.,]*|two|three|four|
    five|six|seven|eight|nine|ten|twelve|twenty|thirty|forty|promised|planned|pledged)|of the (?:\d+|two|three|four|
    five|six|ten|twenty) [^,]{{3,40}}, (?:only |just )?\w+ (?:is|are|has|have)|part(?:ly|ial|ially)|in part|only|
    first (?:of|phase|stage|section|batch|tranche|\d|two|three|four)|phase one|fifth|so far|(?:scaled|watered|
    pared)[- ](?:back|down)|weakened|diluted|exempt\w*|exceptions?|short of|fewer than|less than|some of|parts? of|
    (?:half|third|quarter) of|(?:northern|southern|eastern|western|first|second) half|temporar\w+|but (?:not|the rest|
    others)|remain(?:s|ing|der)?|(?:the )?(?:others?|rest) (?:\w+ ){{0,3}}?(?:not|still|yet|unfinished|has no|have no)|
    still|left out
"""
# Before a cue in its clause: it is planned, wished, doubted or denied.
HEDGES = r"""
    will|would|could|may|might|should|must|cannot|can|to be|not|never|no|nobody|none|neither|nor|\w+n['’]t|without|
    hardly|expect\w*|hop(?:es?|ed|ing)|plan(?:s|ned|ning)? to|propos(?:es|ed|ing) to|demand\w*|urg(?:es?|ed|ing)|
    call(?:s|ed|ing)? (?:for|on)|threat\w*|warn\w*|vow(?:s|ed)?|(?:promis|pledg)(?:es?|ed|ing) to|whether|until|once|
    unless|if|wants?|aims?|fears?|denie[sd]|rumou?r\w*|before|(?:due|set) to|had(?: been)?
"""
# After a cue in its clause.
FUTURE = r"will|would|could|might|should|next (?:week|month|year)"
# Where a clause ends.
STOPS = (
    r"[;:,()—–“”\"]|"
    r"\b(?:but|although|though|while|whereas|after|and|who|which|(?<!denied )(?<!expects )(?<!hopes )that)\b"
)
# Read against the pledge: a figure moves, a law passes; what a pledge says of figures and laws.
RISE = r"rose|risen|rises?|goes up|go up|went up|gone up|(?:is|are) up|grew|grown|ris(?:e|ing)"
FALL = r"fell|fallen|falls|(?:is|are) down|down (?:to|from|by)|dropped|c[ao]me down"
LAW_PASSED = r"""
    (?:Parliament|Congress) (?:has |have )?(?:\w+ )?passed|passed (?:both|(?:federal )?parliament)|bec(?:ame|
    omes?) law|into law|royal assent|sign(?:ed|s) (?:\w+ ){0,3}(?:law|bill|act|order)|clear(?:ed|s) (?:\w+ ){0,3}bill
"""
IS_LAW = r"laws?|pass(?:es|ed)|legislat\w+|Constitution"
LOWER = r"cut|reduc\w+|halv\w+|lower|fall|bring down|shorten"
NOT_RAISE = r"not (?:to )?(?:raise|increase)|no (?:new|rise|increase)\w*"
