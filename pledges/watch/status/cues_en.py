"""English: expressions that stand for a status when they state a fact. Data only; `suggestion.py` compiles them."""

from pledges.domain.rules import Status


def _verbs(stems: str) -> str:
    """The past, participle and third person of regular verbs, from stems with spaces between."""
    return rf"(?:{'|'.join(stems.split())})(?:e?d|e?s)"


def _within(words: int) -> str:
    return rf"(?:[\w’'-]+ ){{0,{words}}}?"


_PROMISE = rf"{_within(5)}(?:promises?|pledges?|commitments?|vows?|word|targets?|goals?|deadlines?|manifesto)"
_COUNT = r"(?:\d[\d.,]*|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|half|some|most)"
_PLAN = rf"(?:the |its |his |her |their |a )?{_within(4)}(?:plans?|bill|promise|pledge|targets?|commitment|policy|law|reform|tax|ban|project|scheme)"
_NEW = r"(?:first|inaugural|maiden|last)"
_USERS = (
    r"(?:passengers|patients|students|pupils|residents|inmates|prisoners|detainees|riders|flights?|trains?|families|customers|users|payments?|calls|"
    r"tenants|recruits|vehicles|ships?|trucks|children|women|homes|houses|visitors|village|officers)"
)

CUES = {
    Status.BROKEN: (
        _verbs("scrapp cancell? abandon ax ditch repeal revok overturn quash annul renege backtrack reject outvot junk terminat rescind nullif(?:i)? invalidat disband"),
        r"scraps|ditch|axe|scrap|withdr(?:ew|aws|awn)|killed|ruled out|u-turns?|torn up|tore up|tears up|wiped out|struck out|strikes? out|off the table|is dead|for good|(?:given|gives?|gave|giving) up|turned down|is off|voted no",
        r"(?:voted|votes?) (?:it |them )?(?:down|against)|said no to|no votes?|thr(?:ew|own|ows) out|walked away from|gave up on|climb(?:ed)? down|went back on|backed (?:out of|away from|down)|rowed back",
        rf"(?:dropp(?:ed|ing)|drops|pull(?:ed|s)) {_PLAN}",
        r"(?:struck|strikes|strike) (?:it |them )?down",
        r"(?:ruled|declared|found|held|holding)(?: \w+){0,5} (?:unconstitutional|unlawful|illegal|invalid|void)",
        r"(?:broke|broken|breaks|breaking|breach(?:ed|es)|betray(?:ed|s)|miss(?:ed|es)|fail(?:ed|s) to (?:meet|deliver|keep|reach|hit|fulfil|honou?r)|fell (?:\w+ )?short of|"
        rf"(?:has|have) not (?:met|kept|fulfilled|honou?red|delivered)|never (?:met|kept|fulfilled|delivered)|(?:did|do|does) not (?:meet|keep)|despite|in spite of|against|contrary to|fail(?:ed|s) (?:on|in)|failure of|giving up|set aside) {_PROMISE}(?: not)?",
        rf"(?:promises?|pledges?|commitments?|targets?|goals?)(?: \w+){{0,5}}? (?:was|were|has been|have been|had been|is|are) (?:\w+ )?(?:missed|broken|not (?:been )?(?:met|kept)|abandoned|dropped|unmet)",
        r"(?:will|would) not (?:go ahead|proceed|return|be (?:built|held|introduced|met|delivered|renewed)(?! (?:by|until|before)))|no longer (?:going ahead|plans?|intends?|government policy)|passed without",
    ),
    Status.STALLED: (
        _verbs("suspend halt paus block stall delay postpon defer shelv veto defeat stymi derail obstruct adjourn stay paralys languish collaps park mothball"),
        r"frozen?|froze|freezing|stuck|idle|overdue|deadlock(?:ed)?|stalemate|limbo|standstill|moratorium|injunctions?|conservatory orders?|impasse|bogged down|down tools|vetoes|delays",
        rf"(?:push(?:ed|es)|put|set|held|kicked|mov(?:ed|es)|sent) {_within(4)}(?:back|off|on hold|on ice|on pause|into next \w+)|on (?:hold|ice)|held up|broken down|fallen apart|"
        rf"(?:moved|extended|pushed|postponed) the {_within(2)}(?:deadline|date)|(?:removed|took|taken) {_within(5)}(?:from|off) the (?:agenda|program(?:me)?)",
        r"(?:slipp(?:ed|ing)|slips)|behind (?:schedule|target|plan)|off[- ]track|off target|not on track|(?:ran|run|runs|running) (?:\w+ )?(?:late|behind|out of (?:money|funds|time))|(?:fell|fallen|falling|falls) (?:\w+ )?behind",
        r"(?:will|would|could|set to|likely to) (?:\w+ )?(?:miss|fall short of|fail to (?:meet|hit|reach))|unlikely to (?:be met|meet|hit|reach)|(?:can|will|would|may|could)(?: ?not|n['’]t) be (?:met|ready|finished|completed|(?:built|delivered|open|opened) (?:by|until|before))|impossible to (?:meet|reach|deliver)|into the \d{4}s",
        r"(?:has|have|had) (?:still |yet )?(?:not|never) (?:yet |even )?(?:been |materiali[sz]ed|happened)|(?:has|have) yet to|still (?:no|waiting|awaits|awaiting|not)|not yet|stopped|dragg(?:ed|ing) on|(?:lost|lacked?) (?:a |the |its )?(?:quorum|majority)",
        r"(?:no|little|slow|without) (?:further )?progress|no (?:date|timetable|timeline)|slow(?:ed|ing|er) (?:progress|pace|down)|too slow|years? (?:late|later than|behind)|(?:nobody|no one|never) (?:mentions|talks|speaks|spoken|mentioned)",
    ),
    Status.PARTLY_KEPT: (rf"(?:scal|par)(?:ed|ing) (?:back|down)|water(?:ed|ing) down|dilut(?:ed|es|ing)|(?:partly|partially) (?:kept|met|built|open(?:ed)?|completed)|(?:only|just|barely) {_COUNT} (?:out )?of|(?:half|third|quarter|{_COUNT}) of the (?:\w+ )?promised|(?:far|well) below the|short of the \d",),
    Status.IN_PROGRESS: (
        _verbs("approv adopt endors ratif(?:i)? introduc tabl submit submitt launch award enact resum restart authoris authoriz releas allocat finalis finaliz excavat back begin start commenc sign unveil"),
        r"pass(?:ed|es)(?= (?:the|its|a|an|through|by|into|second|third|legislation|bill|law|laws|reform|\d))|(?:was|were|been) passed|vote[sd] (?:[\d-]+ )?(?:to|for|in favou?r)|began|begun|ratifies|inked|took up",
        rf"presented {_within(4)}(?:bill|plan|reform|initiative|proposal)|sent (?=.*\b(?:parliament|congress|senate|house|president|committee)\b)|royal assent|(?:first|second|third|final) reading|gives? {_within(4)}(?:nod|blessing)|gave {_within(5)}(?:nod|blessing|backing)|signature",
        r"kicked off|set up|broke(?:n)? (?:ground|on)|breaks ground|ground has been broken|laid the (?:first|foundation)|got going|picked up again|moved in|moved onto|gone up|clearing|halfway|half-way|chewed through",
        r"under ?(?:way|construction)|(?:is|are) (?:now |still |already |also )?(?:being|on track|on course|going ahead|rising|moving|advancing|building|working)|(?:pressed|pushed|moved|gone|went|going|moving) (?:ahead|forward)",
        r"green light|go-ahead|signed off|sign-off|(?:planning|development) (?:consent|permission|approval)|contracts?|preferred bidders?|tenders?|consultation|hearings|negotiations|pilots?|legislation|"
        r"\d[\d.,]* ?(?:%|per ?cent) (?:complete|built|finished|done|of)|(?:crossed|passed|reached) \d[\d.,]* ?(?:%|per ?cent)",
        rf"(?:lift|overturn|remov|quash|end)(?:ed|s) (?:the |a |its )?{_within(1)}(?:suspension|injunction|freeze|stay|halt|hold|moratorium)|(?:recruit|hir|build|invest)ing|announc(?:ed|es) (?:\w+ )?(?:£|\$|funding|the first)",
    ),
    Status.KEPT: (
        _verbs("inaugurat abolish complet legalis legaliz nationalis nationaliz ban outlaw achiev restor graduat commission reopen"),
        r"(?:open(?:ed|s)|delivered)(?! (?:fire|an? (?:inquiry|investigation|probe|debate|tender|account|consultation|speech)|talks|negotiations|the (?:door|way)|up\b))|finally has",
        r"(?:is|are) (?:now )?(?:open|operational|law|free|in force|in place|available|in (?:service|operation|use|post))|now (?:\w+ )?(?:available|open|law|free|operational|complete|banned|an offence|cross|covers?|carr(?:y|ies)|gets?|receives?|uses?|runs?|reaches|in post)",
        r"(?:c[ao]me|came|comes|went|goes|entered|enters|gone|brought|took|takes|taken|thrown) (?:in)?to (?:force|effect|law|service|operation|being)|(?:took|takes|taken) effect|bec(?:ame|omes?) law|in force since|enter(?:ed|s) (?:force|service)|kicked in|kicks in|thrown open|came back to life",
        rf"(?:met|meets|meeting|kept|keeps|fulfill?(?:ed|s)|hit|hits|reach(?:ed|es|ing)|exceed(?:ed|s)|surpass(?:ed|es)|beat(?:en|s)?|honou?r(?:ed|s)|deliver(?:ed|s) on|made good on) {_PROMISE}",
        r"(?:promises?|pledges?|commitments?|targets?|goals?)(?: \w+){0,5}? (?:was|were|has been|have been|had been) (?:\w+ )?(?:met|kept|reached|fulfilled|achieved|honoured|delivered|exceeded)",
        r"hand(?:ed|s) over|sworn in|up and running|(?:beg[au]n|start(?:ed|s)|begins) (?:operating|operations|running|serving|carrying|generating|paying|flowing)|(?:has|have) (?:now |all )?been (?:hired|built|paid|replaced|lit|recruited|installed|hooked up|connected|done away with)|hired",
        rf"{_NEW} (?:[\w’'-]+ ){{0,3}}?{_USERS}|for the first time|(?:from|since|as of) (?:today|yesterday|this \w+|now|midnight|(?:mon|tues|wednes|thurs|fri|satur|sun)day|\d+ \w+)|(?:shut|closed) (?:down )?on|held on \w+day|as promised|overnight",
        rf"no longer (?:pay|pays|charged?|billed|required|have to|exists?)|(?:ended|ends|removed|lifted) (?:the |its |all |most )?{_within(1)}(?:ban|fees?|tax|tariffs?|restrictions|controls)|is gone|are gone|on the road|on the streets|accounts on",
    ),
    Status.NOT_STARTED: (
        r"(?:has|have|had) (?:not|never|yet to|still not|not yet|not even|still to|still yet to)(?: even| yet)? (?:been )?(?:begin|begun|start(?:ed)?|broken? ground|sent?|submit(?:ted)?|tabled?|draft(?:ed)?|introduced?|launch(?:ed)?|present(?:ed)?|publish(?:ed)?|appoint(?:ed)?|award(?:ed)?|bring forward|set foot)",
        r"(?:has|have|did)n['’]t (?:even |yet )?(?:begun?|start(?:ed)?)|never (?:begun|started|began|left the drawing board|sent|tabled)|(?:not a|no) (?:single )?(?:brick|stone|shovel|house|home)|(?:nothing|no (?:work|works|construction|bill|contract(?:or)?|tender)s?) (?:\w+ )?(?:has|have|is|was|were)",
        r"(?:still|only) (?:an? )?(?:empty field|bush|scrub|wasteland|weeds|on paper)",
    ),
    Status.UNCLEAR: (
        r"(?:it is|it was|it remains|remains|still) (?:un(?:clear|known)|not clear) (?:whether|if|how|what)|(?:nobody|no one) (?:knows|can say|can tell)|contradictory|conflicting (?:figures|data|accounts)|anyone['’]s guess|is not known",
        r"(?:no|without) (?:official|public|reliable) (?:figures|data|records?)|(?:could|can) ?not be (?:\w+ )?(?:verified|confirmed|determined|established)|(?:figures|numbers|records|accounts) (?:\w+ ){0,3}?(?:contradict|conflict|differ|disagree|do not match)|"
        r"(?:would|could) not (?:say|establish|determine|tell) (?:how many|how much|whether|if)|different figures|keeps no (?:count|record)",
    ),
}
# With these, what is kept is only a part.
PART = (
    rf"{_COUNT} (?:\w+ )?(?:out )?of (?:the |its |his |her |those )?(?:\w+['’]s )?(?:\w+ )?(?:\d[\d.,]*|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|thirty|forty|promised|planned|pledged)|"
    r"of the (?:\d+|two|three|four|five|six|ten|twenty) [^,]{3,40}, (?:only |just )?\w+ (?:is|are|has|have)|part(?:ly|ial|ially)|in part|only|first (?:of|phase|stage|section|batch|tranche|\d|two|three|four)|phase one|fifth|so far|(?:scaled|watered|pared)[- ](?:back|down)|"
    r"weakened|diluted|exempt\w*|exceptions?|short of|fewer than|less than|not all|some of|parts? of|(?:half|third|quarter) of|(?:northern|southern|eastern|western|first|second) half|pilot|temporar\w+|but (?:not|the rest|others)|remain(?:s|ing|der)?|"
    r"(?:the )?(?:others?|rest) (?:\w+ ){0,3}?(?:not|still|yet|unfinished|has no|have no)|still|left out"
)
# Before a cue in its clause: it is planned, wished, doubted or denied.
HEDGES = (
    r"will|would|could|may|might|shall|should|must|cannot|can|to|not|never|no|nobody|none|neither|nor|\w+n['’]t|without|hardly|expect\w*|hop(?:es?|ed|ing)|plan(?:s|ned|ning)?|propos\w+|demand\w*|urg(?:es?|ed|ing)|"
    r"call(?:s|ed|ing)? (?:for|on)|threat\w*|warn\w*|vow(?:s|ed)?|promis(?:es?|ed|ing)|pledg(?:es?|ed|ing)|whether|until|once|unless|if|wants?|aims?|fears?|denie[sd]|deny|rumou?r\w*|before|due|set|had(?: been)?"
)
# After a cue in its clause.
FUTURE = r"will|would|could|might|should|next (?:week|month|year)"
STOPS = r"[;:,()—–“”\"]|\b(?:but|although|though|while|whereas|after|and|that|who|which)\b"
