# ruff: noqa: E501 - rows of a table read better whole
"""English: the words that say what became of a pledge. Read on lower-case text.

Each line is one way to say it. Cues are finite verbs (voice and tense are in the pattern), so that infinitives, futures
and "to be opened" never match; verbs that are also said of other things want one of THING or RULE as their object.
"""

from pledges.rules import Status

_GAP = r"(?:[\w$€£.,%'’-]+ ){0,5}?"
_THING = (
    r"(?:\w*(?:prisons?|jails?|hospitals?|clinics?|schools?|universit(?:y|ies)|(?:air|sea)?ports?|terminals?|bridges?|"
    r"roads?|ring road|motorways?|highways?|rail\w*|metro|lines?|tunnels?|dams?|plants?|factor(?:y|ies)|stations?|"
    r"cent(?:re|er)s?|units?|offices?|parks?|farms?|homes?|houses|housing|buses|ambulances|boats|ships|scanners|"
    r"rifles|vehicles|stadiums?|markets?|pipelines?|runways?|embass(?:y|ies)|crossings?|phase|stage|section|"
    r"barracks|bases?|shelters?|nurser(?:y|ies)|librar(?:y|ies)))\b"
)
_RULE = (
    r"(?:law|laws|bills?|act|acts|decrees?|orders?|reforms?|contracts?|agreements?|deals?|treaty|treaties|rules?|"
    r"budgets?|plans?|tax|taxes|vat|levy|tariffs?|amendments?|measures?|constitution|code|regulations?|schemes?|"
    r"programmes?|programs?|projects?|promises?|pledges?|subsid(?:y|ies)|bans?|tenders?|auctions?|pensions?|tolls?|"
    r"moratorium|privati[sz]ation|referendum|policy|policies|articles?|tuition|fees|quotas?|legislation|strategy)\b"
)
_ANY = rf"(?:{_THING}|{_RULE})"
_BE = r"(?:was|were|been|being|is now|are now|is|are)(?: \w+ly| already| also| now| finally)?"
_COURT = r"(?:courts?|judges?|tribunal|justices?|council)"
_WORK = r"(?:works?|construction|building|excavation|dredging)"

CUES = {
    Status.KEPT: (
        r"(?:is|are) now (?:available|running|working|in use|operating|free|in place|mandatory)",
        rf"(?:{_RULE})(?: \w+){{0,2}}? (?:has |have )?kick(?:s|ed) in",
        r"(?:welcomed|received|admitted|received) (?:its|their) first (?:patients|students|pupils|inmates|passengers|ships)",
        rf"{_THING}(?: \w+){{0,4}}? (?:is|are) (?:operating|running|open)\b",
        r"(?:have|has) been (?:hired|recruited|built|installed)",
        rf"inaugurate[sd] (?!{_GAP}(?:works?|construction)\b){_GAP}{_THING}",
        r"inaugurated(?= (?:on|in|by|this|last|yesterday)\b)(?<!was inaugurated)",
        r"(?:was|were|been) (?:\w+ly )?(?:inaugurated|re-?opened|commissioned)",
        r"(?:was|were|been) (?:formally |officially |finally )?opened(?! (?:fire|an? (?:probe|inquiry|investigation)))",
        rf"(?:re)?open(?:s|ed) (?!an? (?:investigation|inquiry|probe|debate)|fire){_GAP}{_THING}",
        r"(?:has|have) (?:re)?opened",
        r"open(?:s|ed) (?:its|their) doors",
        r"open(?:s|ed) to (?:traffic|passengers|patients|the public|students)",
        r"(?:came|come|comes|went|goes) into (?:force|effect|operation|service)",
        r"(?:entered|enters|has entered|have entered) (?:into )?(?:force|service|operation)",
        r"(?:is|are|has been|have been) (?:now |already )?in (?:force|effect)",
        r"(?:took|takes|has taken|have taken) effect",
        r"handed over",
        r"(?:was|were|been) (?:\w+ly )?(?:delivered|completed|finished|handed over|built|abolished|fulfilled)",
        rf"(?:has|have) (?:completed|finished|abolished|fulfilled|met|introduced) {_GAP}(?:{_ANY}|target|goal)",
        rf"deliver(?:s|ed) (?:all |more than |over |about |some |half |the )*(?:{_GAP}{_THING}|\d[\d.,]*)",
        rf"(?:completed|finished|completes|finishes) {_GAP}{_THING}",
        rf"(?:abolished|abolishes) {_GAP}{_RULE}",
        r"(?:is|are) now (?:open|operational|complete)",
        r"(?:began|started|begins|starts|has begun|has started) (?:operating|operations|generating|running|functioning|"
        r"receiving (?:patients|inmates|passengers|students))",
        r"(?:was|were|been) (?:shut down|closed) for good",
        r"coal plant was shut down",
        r"(?:meeting|met|meets|reached|reaching|hit|hitting|surpassed|exceeded) (?:the |its |his |her |their )"
        r"(?:\w+ ){0,2}?(?:target|goal|pledge|promise)",
        r"(?:was|were) held (?:on \w+ )?as promised",
    ),
    Status.IN_PROGRESS: (
        r"(?:gives?|gave) (?:the |its )?(?:nod|green light|go-ahead|approval|assent) to",
        r"(?:bulldozers|crews|workers|diggers|excavators) (?:\w+ ){0,3}?(?:clear|clearing|dig|digging|started|began|moved in)",
        r"(?:won|wins|secured|landed|clinched) (?:the |a )(?:\S+ ){0,4}?(?:contract|tender|concession)",
        r"(?:cleared|clears) (?:the )?(?:senate|lower house|upper house|parliament|congress|committee|assembly)",
        rf"(?:approve[sd]?|passe[sd]|adopt(?:s|ed)|ratifie[sd]|sign(?:s|ed)|enact(?:s|ed)|issue[sd]|promulgate[sd]|"
        rf"back(?:s|ed)|endorse[sd]) {_GAP}{_RULE}",
        r"(?:was|were|been) (?:\w+ly )?(?:approved|passed|signed|enacted|awarded|ratified|adopted|tabled)",
        rf"{_WORK}(?: \w+){{0,6}}? (?:has begun|has started|began|begins|started|starts|is under ?way|got under ?way|"
        rf"is progressing|continues|is advancing|is continuing)",
        r"(?:is|are|remain|remains|still) (?:now |currently |well )?under ?way",
        r"(?:is|are) (?:now |currently |still )?under construction",
        r"(?:laid|lays) the (?:first|foundation) stone",
        r"(?:broke|breaks|break) ground",
        r"inaugurate[sd] (?:the )?(?:works?|construction)\b",
        r"(?:began|begins|started|starts|has begun|have begun) (?:the )?(?:building|construction|work|works|laying)\b",
        r"(?:crews|workers|engineers) are (?:building|laying|digging|extending)",
        r"award(?:s|ed) (?:\S+ ){0,5}?contract",
        rf"(?:sent|sends|submitted|submits|presented|tabled|introduced) {_GAP}(?:bill|reform|amendment|budget)",
        r"(?:launche[sd]|opened|issued) (?:the |a )?(?:public )?(?:tender|bidding|call for bids)",
        r"\d+(?:\.\d+)? ?(?:%|per ?cent) (?:complete|completed|finished|ready|built|done)",
        r"(?:resumed|resumes|has resumed|have resumed|was resumed|were resumed|has restarted|restarted)\b",
        r"(?:lift(?:s|ed)|overturn(?:s|ed)|revoke[sd]|removed|cancell?ed|annulled|vacated|quashed) (?:the |an? )?"
        r"(?:\w+ ){0,2}?(?:suspension|injunction|freeze|stay|block|halt)",
        r"(?:suspension|injunction|freeze) (?:\w+ ){0,4}?(?:was|were|has been) (?:lifted|overturned|revoked|quashed)",
    ),
    Status.STALLED: (
        rf"{_COURT}\b(?: \w+){{0,2}}? puts? {_GAP}on hold",
        r"(?:stands|stand|sits|sit|lies|lie) (?:idle|abandoned|unfinished)",
        rf"(?:removed|pulled) {_GAP}(?:bill|law|reform) from the agenda",
        rf"(?:have|has) held up {_GAP}(?:{_ANY}|{_WORK})|(?:is|are|has been|have been) behind schedule|behind schedule, ",
        r"(?:funding|money) (?:\w+ ){0,6}?(?:dried up|ran out|has run out)",
        rf"{_COURT}\W+(?:\w+\W+){{0,6}}?(?:suspend(?:s|ed)|block(?:s|ed)|halt(?:s|ed)|fr(?:oze|eezes)|stay(?:s|ed)|"
        rf"paus(?:ed|es)) (?!{_GAP}(?:suspension|ban)\b)",
        rf"(?:suspended|blocked|halted|frozen|paused) (?:\w+ ){{0,3}}?by (?:\w+ ){{0,4}}?{_COURT}",
        r"issued (?:an |a )(?:\w+ )?injunction (?:against|halting|blocking)",
        rf"(?:{_WORK}|{_ANY})(?: (?!appears?|seems?|may|might|could|would|will)[\w-]+){{0,5}}? (?:(?:was|were|has|have|is|are|been|remains?|now) )+"
        r"(?:suspended|halted|stopped|paraly[sz]ed|on hold|put on hold|frozen|stalled|paused|stuck|bogged down|"
        r"behind schedule|idle|shelved|at a standstill|deadlocked)\b(?! for \w+ match)",
        rf"(?:{_WORK}|{_ANY}|talks|negotiations)(?: [\w-]+){{0,5}}? (?:(?:has|have) )?(?:halted|stalled|broken down|"
        r"collapsed|ground to a halt|broke down|stopped)\b",
        r"(?:was|were|been) (?:postponed|pushed back|put off|delayed|put on hold)",
        rf"(?:postpone[sd]|delay(?:s|ed)|shelve[sd]|suspend(?:s|ed)|halt(?:s|ed)|froze|freezes|paused|put off|"
        rf"block(?:s|ed)) {_GAP}(?:{_ANY}|{_WORK}|opening|vote|launch)",
        rf"(?:moved|moves|pushed|extended|extends) (?:back )?{_GAP}(?:deadline|opening|completion)",
        r"(?:assembly|congress|parliament|lawmakers|senate|senators|deputies|mps) (?:\w+ )?(?:reject(?:s|ed)?|voted down|"
        r"votes? down|defeat(?:s|ed)|voted against) (?!an? (?:motion|appeal))",
        rf"veto(?:es|ed) {_GAP}{_RULE}",
        r"(?:(?:has|have) )?fall(?:en)? behind schedule|fell behind schedule",
        r"(?:was|were|been) (?:rejected|voted down|defeated) (?:\w+ ){0,2}?(?:by|in) (?:the )?"
        r"(?:assembly|congress|parliament|lawmakers|senate)",
    ),
    Status.BROKEN: (
        rf"ditch {_GAP}{_ANY}",
        r"(?:voters|citizens|residents) (?:said|say) no to",
        rf"shelved {_GAP}(?:for good|permanently)",
        r"(?:will|would) not be (?:built|introduced|implemented|going ahead)|would not go ahead",
        rf"(?:withdrew|withdraws|has withdrawn|cancell?ed|cancels|scrapp?(?:ed|s)|abandon(?:ed|s)|dropp?(?:ed|s)|"
        rf"called off|gave up(?: on)?|axe[sd]|ditche[sd]|repeal(?:s|ed)|annul(?:s|led)|revoke[sd]|terminate[sd]|"
        rf"backed (?:away|down) (?:from|on)|reneged on|ruled out|rules out|broke (?!ground)|breaks (?!ground)|killed) "
        rf"(?!{_GAP}(?:suspension|injunction|ban)\b){_GAP}(?:{_ANY}|wage rise|pay rise|increase)",
        rf"(?:{_ANY})(?: [\w-]+){{0,6}}? {_BE.replace('|is|are', '')} (?:withdrawn|cancell?ed|scrapped|abandoned|dropped|"
        r"struck down|called off|annulled|repealed|axed|revoked|terminated|overturned|quashed|ditched)",
        r"(?:voters|residents|citizens)(?: \w+){0,3}? (?:reject(?:ed)?|voted against|voted down|turned down)\b",
        r"rejected (?:\w+ ){0,4}?(?:by voters|in (?:a|the) referendum|at the polls)",
        rf"(?:{_COURT})(?: \w+){{0,4}}? (?:struck|strikes|strike|throws|threw) (?:down|out)",
        r"(?:was|were|been) struck down",
        r"declare[sd] (?:\w+ ){0,5}?(?:unconstitutional|void)|ruled (?:\w+ ){0,4}?unconstitutional",
        r"(?:despite|breaking) (?:its|his|her|their|a) (?:\w+ ){0,2}?(?:pledge|promise) (?:not to|never to)",
        r"(?:broke|breaking|breaks|broken) (?:its|his|her|their|a) (?:\w+ ){0,2}?(?:pledge|promise)",
        r"deadline (?:\w+ ){0,3}?(?:passed|expired|lapsed) without",
        r"(?:missed|misses|has missed) (?:its|the|his|her) (?:own )?(?:\w+ )?(?:target|goal)",
    ),
    Status.NOT_STARTED: (
        r"nothing has happened",
        r"(?:has|have) (?:still |yet )?not (?:yet |even )?been (?:drafted|written|begun|launched|awarded|designed)|(?:has|have) still not been (?:drafted|sent|submitted|begun|launched|awarded)",
        rf"{_WORK}(?: \w+){{0,6}}? (?:has|have) (?:not|never) (?:yet )?(?:begun|started)",
        rf"{_WORK}(?: \w+){{0,6}}? (?:hasn['’]t|haven['’]t|didn['’]t|did not) (?:yet )?(?:begun|started|begin|start)",
        r"(?:has|have|had) yet to (?:begin|start|present|submit|send|publish|table|award|propose|introduce)",
        r"(?:has|have) (?:never|not) (?:yet )?been (?:sent|submitted|tabled|presented|started|introduced|put out)",
        r"(?:has|have) not (?:yet )?(?:presented|submitted|sent|tabled|drafted|introduced|published|proposed)",
        r"no (?:contract|tender|bill|work|site|funding|money|draft)s? (?:\w+ ){0,3}?(?:has|have) (?:yet )?"
        r"(?:been|begun|started)",
        r"not (?:a single|one) (?:brick|stone|metre|meter|kilometre|house|home)",
        r"(?:nothing|no work) has been (?:done|built)",
    ),
    Status.UNCLEAR: (
        r"(?:nobody|no one) (?:knows|can say) (?:how|whether|if|what)",
        r"(?:it is|it was|it remains|remains|still) (?:un(?:clear|known)|not clear) (?:whether|if|how|what|when)",
        r"(?:would|did|could) not (?:say|specify|disclose|confirm) (?:whether|how many|how much|if)",
        r"(?:there (?:are|is) )?no (?:official|public|reliable) (?:figures|data|information|records?) ",
        r"(?:contradictory|conflicting) (?:figures|accounts|numbers|reports|data)",
    ),
    Status.PARTLY_KEPT: (
        r"only (?:partly|partially|half)[ -](?:\w+)",
        r"partially (?:met|fulfilled|kept|completed|built)|partly (?:met|fulfilled|kept|completed|built)",
        r"(?:short of|well below|fewer than|far from) (?:the|its|his|her) [\d.,]+ (?:\w+ )?(?:promised|pledged|planned)",
        r"(?:struck|strikes) down (?:\w+ )?(?:part|parts|sections|provisions|some|several|portions)",
        r"watered-down version (?:\w+ ){0,6}?(?:took effect|came into force|passed|approved)",
    ),
}

# A part of what was promised: turns "kept" into "partly kept".
PART = (
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|only|just|[\d.,]+|some|few|most) (?:\w+ )?of (?:the |its |his |"
    r"her |their )?(?:\w+ )?(?:two|three|four|five|six|seven|eight|nine|ten|twelve|[\d.,]+)\b|"
    r"(?:one |about |around |barely |roughly )?half (?:of )?(?:the|its)|a third of|a quarter of|in part\b|partially|partly|"
    r"(?:the )?(?:first|initial) (?:phase|stage|section|stretch)|only \d[\d.,]*|just \d[\d.,]*|watered-down"
)
# In the verb's own group, right before or inside the cue: it is not so, or only may be.
NEAR = (
    r"not|never|nor|neither|hardly|barely|cannot|\w+n['’]t|yet to|fail(?:s|ed)? to|refus\w+ to|will|would|shall|should|"
    r"could|may|might|must|can|to|be|almost|nearly|reportedly|allegedly|supposedly|apparently|perhaps|"
    r"appears? to have|seems? to have|had"
)
# Anywhere before the cue in its clause.
FAR = (
    r"no|none|nobody|neither|without|den(?:y|ies|ied)|if|unless|until|once|whether|before|expect(?:s|ed|ing)?|"
    r"promise[sd] (?:that|to)|pledge[sd] (?:that|to)|vow(?:s|ed)|propose[sd]|ask(?:s|ed)|demand(?:s|ed)|urge[sd]|"
    r"call(?:s|ed) (?:for|on)|scheduled|due to|set to|ahead of|rumou?r\w*|possib\w+|likely|unlikely|falsely|fears?|"
    r"hopes?|wants?|polls? suggests?|appears? to|seems? to|false that|would|may have|might have|could have|should have|as if|"
    r"in case|threat\w+|warn(?:s|ed)|when\b(?= \w+ (?:is|are))"
)
# The clause tells what went before, not today's news.
BEFORE = r"after|since|following|when|despite|years? ago|months? ago|decades? ago|having|as"
RECENT = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|today|yesterday|this (?:week|morning|month)|last night"
SAYS = (
    r"said|says|say|saying|announce[sd]|confirm(?:s|ed)|report(?:s|ed)|showed|shows|told \w+|added|noted|ruled|revealed|"
    r"acknowledge[sd]|admit(?:s|ted)|stated|explained|insist(?:s|ed)"
)
RELATIVE = r"which|who|whose|that|where"
OTHERS = (
    r"(?:opposition|unions?|analysts?|activists?|critics?|economists?|experts?|campaigners?|observers?|columnists?|"
    r"rivals?|ngos?|sources?|people familiar|professor|lobby|watchdog|think[- ]tank|former \w+|ex-\w+|residents?)\b"
)
CLAIMS = r"claim(?:s|ed)|alleg(?:e|es|ed)|accus(?:e|es|ed)|complain(?:s|ed)|argue[sd]"
ACCORDING = r"according to|in the words of|in the view of|in the opinion of"
UNRELATED = (
    r"(?:striker|player|coach|match|matches|flights?|concert|game|airline|club|team|festival|subscription|goalkeeper|"
    r"account|bail|tournament|winger|midfielder)s?\b"
)
