# ruff: noqa: E501 - rows of a table read better whole
"""English: set phrases that stand for a status, and words that rule out a suggestion. For lower-case text.

Only what the verb patterns do not cover (see `patterns_en.py`). Each line is one phrase.
"""

from pledges.domain.rules import Status

_WORK = r"(?:works?|construction|building|excavation|dredging)"

PHRASES = {
    Status.KEPT: (
        r"now in (?:post|place|service|use|force|operation|effect|circulation)\b",
        r"(?:has|have) had (?:its|their|his|her) (?:[\w.,%-]+ ){1,6}?(?:paid|cleared|restored|cancelled|written off|refunded|waived)\b",
        r"(?:pay|pays|cost|costs|carry|carries|charge|charges|are charged|is charged|face|faces|incur|incurs|owe|owes) (?:\w+ )?(?:nothing|no (?:more than|charge|charges|fee|fees|tax|toll|duty|vat|fare|fares|tuition|levy))\b[^;:.]{0,60} (?:from|as of|since) (?:today|midnight|yesterday|this \w+|(?:mon|tues|wednes|thurs|fri|satur|sun)day)",
        r"(?:from|as of|since) (?:today|midnight|yesterday|this \w+|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b[^;:.]{0,60} (?:pay|pays|cost|costs|carry|carries|charge|charges|are charged|is charged|face|faces|incur|incurs|owe|owes) (?:\w+ )?(?:nothing|no (?:more than|charge|charges|fee|fees|tax|toll|duty|vat|fare|fares|tuition|levy))\b",
        r"(?:is|are) now (?:being )?(?:available|running|working|in use|operating|free|mandatory|banned|illegal|legal|paid|treated|served|covered)\b",
        r"no longer (?:\w+ )?(?:have to |need to |required to |be |being )?(?:pay|paying|pays|charged?|billed|taxed|levied|"
        r"face|owe|cost|costs|evicted|fined|deducted|collected|need|needs|require[sd]?)\b",
        r"(?:it is|is|are) now (?:an? )?(?:\w+ )?(?:offen[cs]e|crime|illegal|unlawful|against the law|mandatory|compulsory|"
        r"law|a right|free of charge|exempt|entitled|eligible)\b",
    ),
    Status.IN_PROGRESS: (
        r"(?:acquisition|construction|works?|excavation|tunnelling|civil works|track ?laying)\b[^.;]{0,60} (?:crossed|reached|passed|hit|topped|exceeded) "
        r"(?:\w+ ){0,2}?\d+(?:\.\d+)? ?(?:%|per ?cent)",
        r"(?:tunnel|drill|excavat|bor(?:e|ing)|pil(?:e|ing)|track|dredg)\w*\b[^.;]{0,50} (?:reached|passed|topped|advanced) [^.;]{0,15}(?:metres|meters|km|kilomet\w+|miles)\b",
        r"(?:at|reached|passed|hit|is|are|stands at) (?:about |around |nearly |almost |some |over )?\d+(?:\.\d+)? ?(?:%|per ?cent) (?:physical )?(?:completion|progress)",
        r"\d+(?:\.\d+)? ?(?:%|per ?cent) of (?:the )?(?:[\w-]+ ){0,3}?(?:work|works|tunnel|excavation|foundations?|track|civil works|earthworks|pil\w+)\b(?: \w+){0,8}? "
        r"(?:has|have|is|are) (?:now |already )?(?:been )?(?:done|finished|completed?|excavated|laid|built|dug|bored)",
        r"(?:work|works|construction) (?:\w+ ){0,6}?(?:is|are) (?:now |already |well )?(?:under way|underway|in full swing|ongoing|on track|on schedule|proceeding|continuing|in progress)",
        r"ground (?:has been|was|is) (?:finally )?broken\b",
        r"(?:half|halfway|mid)[- ]?(?:way )?(?:point|mark)\b",
        r"\d+(?:\.\d+)? ?(?:%|per ?cent) (?:complete|completed|finished|ready|built|done)",
        r"(?:half|halfway|two-thirds|three-quarters) (?:built|complete|finished|done)\b",
    ),
    Status.BROKEN: (
        r"had (?:promised|pledged|vowed|sworn) (?:not to|never to|to leave [^.;]{0,30}alone|to keep|to protect|to spare)\b",
        r"(?:despite|breaking|contradicting) (?:its|his|her|their|a) (?:\w+ ){0,3}?(?:pledge|promise|vow) (?:not to|never to|to)",
        r"(?:voters|citizens|residents) (?:said|say) no to",
        r"(?:will|would) (?:not|never) (?:now )?(?:be (?:built|introduced|implemented|going ahead)|go ahead|proceed|come back)|"
        r"(?:will|would) no longer (?:build|introduce|proceed|pursue|implement|hold|go ahead|be (?:built|introduced|held))|won['’]t (?:be built|go ahead|proceed|happen)",
        r"deadline (?:\w+ ){0,3}?(?:passed|expired|lapsed) without",
        r"(?:missed|misses|has missed|missing) (?:its|the|his|her) (?:own )?(?:\w+ )?(?:target|goal)",
        r"(?:no longer|not) (?:being )?(?:pursu\w+|planned|government policy|on the agenda|part of the plan)",
    ),
    Status.STALLED: (
        r"(?:left|leaving|stands?|lies|sits|remains?) (?:[\w-]+ ){0,5}?half[- ](?:finished|built|complete)\b",
        r"(?:failed to|did not|could not|couldn['’]t|didn['’]t) (?:\w+ )?(?:muster|secure|win|get|gather|reach|find) (?:\w+ ){0,3}?(?:votes|majority|quorum)\b",
        r"(?:will|does|do) not (?:now )?(?:return|come back|resume|reopen|reconvene|be (?:debated|voted|tabled|published|considered|discussed)) (?:\w+ ){0,5}?(?:until|before)\b",
        r"(?:without|before) (?:voting on|a vote on|passing) the (?:\w+ ){1,4}?(?:bill|law|reform)",
        r"(?:\w+ ){1,3}(?:months?|years?) behind schedule|behind schedule|in limbo\b|at a standstill|at an impasse",
    ),
    Status.NOT_STARTED: (
        r"no (?:machinery|machines?|crews?|contractors?|workers?|builders?|equipment|materials?) (?:has|have) (?:yet |ever )?(?:arrived|appeared|been seen|moved|turned up|started|entered|set foot)",
        r"(?:has|have) still to (?:\w+ )?(?:bring|table|draft|publish|send|begin|start|appoint|choose|award|sign|issue|lay|break|build|put|set|name|launch|submit)\b",
        r"there (?:is|are) (?:still )?(?:only|just|nothing but|no more than) (?:an? )?(?:\w+ )?(?:\w*bush|scrub|weeds?|grass|sand|mud|rubble|field|signboard|sign|billboard|fence|stakes?|pegs?|hole|dust)\b",
        r"no (?:[\w-]+ ){1,4}?(?:has|have) (?:yet |ever |so far |even )?been (?:appointed|hired|chosen|selected|signed|issued|tabled|drafted|"
        r"built|laid|poured|acquired|bought|purchased|set aside|allocated|identified|awarded|published|cleared|dug|started|launched|"
        r"advertised|picked|found|secured|earmarked|budgeted|submitted|broken|erected|opened)\b",
        r"(?:has|have|is|are|remains?) (?:still )?yet to be (?:built|drafted|tabled|chosen|appointed|awarded|signed|designed|advertised|"
        r"tendered|set up|created|established|published|written|introduced|submitted|started|launched|named|laid|broken)\b",
        r"(?:still )?(?:has|have) no (?:\w+ )?(?:contractor|site|funding|budget|design|land|operator|start date|building permit|investor|director)\b",
        r"(?:no|little) (?:sign|signs|trace|evidence) of (?:any )?(?:\w+ )?(?:work|works|construction|building|activity|the promised)\b",
        r"(?:goats|cattle|cows|sheep|weeds|grass|maize|crops) (?:still )?(?:graze|grow|roam|cover)s?\b",
        r"nobody has (?:so much as |even |yet )?(?:\w+ )?(?:a |an |the )?(?:broken|laid|started|drafted|begun|turned|dug|moved)\b",
        r"(?:site|land|plot|ground|lot|field) (?:\w+ ){0,8}?(?:is|are|remains?|lies|sits|stands) (?:still |yet )?(?:untouched|empty|vacant|bare|"
        r"bush|scrub|farmland|overgrown|undeveloped|fenced off|under weeds|waste ?land)\b",
        r"(?:does not|doesn['’]t) (?:yet |even )?exist|(?:(?:has|have) (?:still|yet) not|still (?:has|have) not|(?:has|have) not yet|still (?:hasn|haven)['’]t) (?:even )?(?:published|drafted|sent|tabled|begun|started|appointed|signed|built|created|set up|set|hired|launched|written|broken|bought|chosen)",
        r"(?:has|have) yet to (?:even )?(?:begin|start|set|see|break|lay|turn|be|move|open (?:a |the )?(?:tender|bid)|put|send|table|sign|issue|appoint|draft|leave)",
        r"not (?:a|an|one|a single|even a|even one) (?:\w+ ){1,3}?(?:has|have|is|was|had) (?:\w+ )?(?:been|gone|yet|in|on|laid|turned|dug|moved|drafted|signed|poured|begun|started|entered|set|arrived)",
        r"(?:is|are|remains?) (?:still )?(?:just |nothing but |no more than )?an? (?:empty|bare|vacant|open|muddy|overgrown) (?:field|lot|plot|site|patch)",
        r"(?:exists?|remains?) (?:only )?on paper|never (?:got|left|made it) (?:off|past|beyond|out of|to) (?:the |a )?(?:ground|drawing board|paper|starting|draft)|(?:still )?on the drawing board|"
        r"no (?:work|shovel|spade|digger|excavator|crane|money|draft|bill|tender|contract)s? (?:\w+ ){0,5}?(?:has|have) (?:yet |ever )?(?:been|gone|begun|started|arrived|appeared|moved)",
        r"has not (?:even )?(?:begun|started|drafted|broken ground|opened a tender|been tendered|been touched)|(?:have|has) never (?:begun|started|materiali[sz]ed|tabled|drafted|submitted|been built)",
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
        r"(?:could|can) ?not be (?:independently |reliably )?(?:verified|confirmed|established|determined|checked)|cannot be (?:\w+ )?(?:verified|confirmed)",
        r"(?:not|never) (?:been )?(?:publicly )?(?:known|disclosed|clear|published) (?:whether|how (?:many|much)|if|what)",
        r"(?:no one|nobody|neither (?:\w+ ){1,6}?) (?:seems to know|can tell|can say|could say|knows|has counted|keeps count|is counting)",
        r"(?:figures|numbers|estimates|accounts|tallies|counts) (?:\w+ ){0,6}?(?:range from|ranging from|vary|differ|do not tally|are at odds|do not agree|cannot be reconciled)",
        r"(?:ministry|government|department|office|agency|minister|officials) (?:\w+ )?(?:says?|puts?|counts?|claims?|lists?|reports?) [^.;]{0,50}\d[^.;]{0,60}"
        r"(?:,|while|but|whereas|against) [^.;]{0,40}(?:audit|comptroller|controller|watchdog|statistic|ombudsman|census|bureau)\w*[^.;]{0,40}\d",
        r"(?:records|data|receipts|minutes|documents) (?:\w+ ){0,5}?(?:are|were|is|was|have gone) (?:missing|lost|incomplete|not kept|destroyed|unavailable)",
        r"anyone['’]?s guess|impossible to (?:say|know|tell|verify|establish) (?:whether|how|if|what)|no way (?:of|to) (?:know\w*|tell\w*|verify\w*|check\w*)",
        r"(?:could|can|cannot|can['’]t|couldn['’]t|unable to|does not|doesn['’]t|do not|refus\w+ to|declin\w+ to|did not|didn['’]t)(?: not)? "
        r"(?:establish|say|determine|verify|tell|know|agree on|reconcile|confirm|disclose|provide|specify|publish) (?:\w+ )?(?:whether|how (?:many|much)|if |what|which)",
        r"(?:figures|numbers|tallies|counts|accounts|records|data|totals) (?:\w+ ){0,5}?(?:contradict|conflict|disagree|differ|diverge|clash|do not match|don['’]t match|do not add up|don['’]t add up|vary)\w*",
        r"(?:gave|give|offer|offered|publish\w*|issued|produced) (?:\w+ )?(?:two|three|different|differing|diverging|inconsistent|contradictory|conflicting) (?:\w+ )?(?:figures|numbers|totals|answers|tallies|versions|counts|accounts)",
        r"(?:disputed|murky|keeps no (?:record|tally|count)|no (?:public )?(?:tally|count|record|register) (?:of|exists|is kept|was kept))",
        r"(?:nobody|no one) (?:knows|can say) (?:how|whether|if|what)",
        r"(?:it is|it was|it remains|remains|still) (?:un(?:clear|known)|not clear) (?:whether|if|how|what|when)",
        r"(?:would|did|could) not (?:say|specify|disclose|confirm) (?:whether|how many|how much|if)",
        r"(?:there (?:are|is) )?no (?:official|public|reliable) (?:figures|data|information|records?) ",
        r"(?:contradictory|conflicting) (?:figures|accounts|numbers|reports|data)",
    ),
    Status.PARTLY_KEPT: (
        r"(?:is|are) (?:now )?(?:running|operating|open|working|functioning) (?:at (?:half|partial|reduced|a fraction)|only (?:at|on|in|for|during)|in part|partially)",
        r"only (?:partly|partially|half)[ -](?:\w+)",
        r"partially (?:met|fulfilled|kept|completed|built)|partly (?:met|fulfilled|kept|completed|built)",
        r"(?:short of|well below|fewer than|far from) (?:the|its|his|her) [\d.,]+ (?:\w+ )?(?:promised|pledged|planned)",
        r"(?:struck|strikes) down (?:\w+ )?(?:part|parts|sections|provisions|some|several|portions)",
        r"watered-down version (?:\w+ ){0,6}?(?:took effect|came into force|passed|approved)",
    ),
}

# A part of what was promised: makes "kept" "partly kept".
PART = (
    r"leaving (?:the )?(?:[\w-]+ ){1,4}?(?:for|until|without|out)\b|without (?:the|its|any of) (?:\w+ ){0,3}?(?:chapter|clause|article|provision|part|section|annex)\w*|"
    r"still (?:\w+ )?(?:waiting|without|lack|lacking|to come|pending|excluded|unpaid|closed)\b|but not (?:to|for|in|the|those|its|at|on)\b|"
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|[\d.,]*\d) (?:\w+ ){0,2}?(?:out of|of) (?:the |its |his |her |those |these |some |"
    r"about |a planned |a promised |an intended )?(?:[\w'’-]+ ){0,2}?(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|sixteen|eighteen|twenty|thirty|\d[\d.,]*)\b|"
    r"partial\b|all but\b|half (?:the|its|as)\b|(?:less|fewer|smaller|later) than (?:promised|planned|pledged)|instead of the|rather than the|one (?:lane|carriageway|direction|wing|"
    r"ward|track|shaft|tube|tower|side)\b|(?:north|south|east|west)bound|limited (?:service|hours|capacity|to|number)|reduced (?:capacity|service|hours|timetable)|"
    r"(?:first|initial|second|third) (?:phase|stage|section|stretch|leg|tranche|batch|segment|instalment|lot|wave|cohort|round|half|third)|"
    r"(?:others?|rest|remainder|remaining|second|latter|another) (?:[\w-]+ ){0,6}?(?:under construction|being built|unbuilt|pending|under way|at the planning|on hold|idle|stalled|dark|dry|no)|"
    r"(?:has|have|is|are|does|do|did|was|were|will) (?:still )?not (?:yet |been )?(?:\w+ ){0,4}?(?:rest|others?|remaining|remainder)|"
    r"save for|barring|with the exception|minus (?:the|its)|target (?:of|was) (?:[\w-]+ )?\d|against a (?:target|promise|pledge|plan|goal)|"
    r"(?:but|though|although|while|with|leaving) (?:[\w'’-]+ ){0,8}?(?:not (?:yet|covered|included|before)|left out|until later|no date|next year|"
    r"excluded|not (?:until|be|have)|must wait|will wait|pending|awaits?|in (?:the )?(?:works|pipeline))|"
    r"for (?:\w+ ){0,3}?only\b|in (?:\w+ ){0,4}?only\b|only (?:at|on|those|over|under|if|during|the)\b|not all\b|some (?:of|\w+s)\b(?! \d)|"
    r"(?:slimmed|pared|scaled|cut|trimmed|stripped)[- ](?:down|back)|truncated|diluted|capped at|as a pilot|pilot (?:basis|phase|region|scheme|project)|"
    r"the first (?:[\d.,]+|two|three|four|five|six|ten|dozen|batch|tranche|half|\d+ km)\b|the other (?:two|three|four|half|\d+)|"
    r"(?:two|three|four|five|six|seven|eight|nine|ten|twelve|[\d.,]+) others?\b|a single\b|no more than|just \w+ (?:province|region|state|district|cit)\w*|"
    r"exempt(?:ed|s)?\b|"
    r"except|excluding|limited to|scaled[- ]back|pared[- ](?:back|down)|a (?:fraction|handful|part|portion|quarter|third) of|some of the|parts? of (?:the|its)|"
    r"the first \w+ of|(?:only|just) (?:one|two|three|a)\b|so far\b|alone[,.;]|\d+ ?(?:%|per ?cent) of (?:the|its|what|those|all)|reduced version|"
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|\d+) of \w+['’]s (?:\w+)|remaining (?:\w+ )?(?:\d|two|three|four|five|six|seven|eight|nine|ten)|"
    r"(?:two|three)[- ](?:thirds|quarters|fifths) of|the (?:majority|bulk) of|(?:instead of|rather than|compared with|against|out of|short of|far from|below|of) "
    r"(?:the |its |an? )?(?:\w+ )?[\d.,]+ (?:\w+ )?(?:promised|pledged|planned|target\w*|announced)|[\d.,]+ of (?:the |its |some |about |a planned )?(?:\w+ )?[\d.,]*\d|"
    r"(?:\w+ )?(?:others?|rest|remainder|remaining|second|another) (?:\w+ ){0,5}?(?:still|yet|not|wait\w*|unfinished|delayed|behind|shut|closed)|so far only|"
    r"(?:but|while|though|although|with) (?:\w+ ){0,6}?(?:still (?:to|waiting|under|closed|missing|without|not|being|unfinished)|yet to|unfinished|left out|excluded|remains? (?:to|closed|shut|unfinished|under|without))|"
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|only|just|[\d.,]+|some|few|most) (?:\w+ )?of (?:the |its |his |"
    r"her |their )?(?:\w+ )?(?:two|three|four|five|six|seven|eight|nine|ten|twelve|[\d.,]+)\b|"
    r"(?:one |about |around |barely |roughly )?half (?:of )?(?:the|its)|a third of|a quarter of|in part\b|partially|partly|"
    r"(?:the )?(?:first|initial|second|last|final) (?:phase|stage|section|stretch|leg|tranche|batch|segment|instalment)|phase (?:one|two|1|2|i|ii)\b|(?:northern|southern|eastern|western|first|second) (?:half|part|section|leg)|only(?:[,.;]|$| for| in | to | on )|everyone else|(?:the )?(?:rest|remaining|others?|remainder) (?:\w+ ){0,6}?(?:not|still|wait\w*|remains?|yet|unfinished|later|empty|closed)|only \d[\d.,]*|just \d[\d.,]*|watered-down"
)
# Recent days: the clause is not background.
RECENT = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|today|yesterday|this (?:week|morning|month)|last night"
SAYS = (
    r"said|says|say|saying|announce[sd]|confirm(?:s|ed)|report(?:s|ed)|showed|shows|told \w+|added|noted|ruled|revealed|"
    r"acknowledge[sd]|admit(?:s|ted)|stated|explained|insist(?:s|ed)"
)
OTHERS = (
    r"(?:opposition|unions?|analysts?|activists?|critics?|economists?|experts?|campaigners?|observers?|columnists?|"
    r"rivals?|ngos?|sources?|people familiar|professor|lobby|think[- ]tanks?|shadow \w+|campaign group|lobby\w*|local media|media reports|newspapers?|press reports|columnist|commentators?|academics?|protesters?|mayor of|farmers?|business (?:group|leader)s?|pollsters?|bloggers?|lawyers?|moody's|fitch|former \w+|ex-\w+|residents?)\b"
)
CLAIMS = r"recall(?:s|ed)|remind(?:s|ed)|anniversary|hoax|went viral|on social media|blast(?:s|ed)|rail(?:s|ed) against|slammed|lambast\w+|editorial|op-ed|leaked|rumou?r\w*|it emerged in \d+|fake|claim(?:s|ed)|alleg(?:e|es|ed)|accus(?:e|es|ed)|complain(?:s|ed)|argue[sd]"
ACCORDING = r"according to|in the words of|in the view of|in the opinion of"
UNRELATED = (
    r"(?:striker|goalkeeper|midfielder|winger|footballer|batsman|box office|world cup|olympi\w+|championships?|concert|"
    r"album|netflix|for \w+ match(?:es)?)s?\b"
)

FEW = (
    r"of (?:the|its|some) (?:\d[\d,]*|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty) [^;:,]{1,60}, (?:only |just |so far |barely |a mere )?"
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\d[\d,]*) (?:\w+ )?(?:is|are|has|have|were|was)\b|"
    r"(?:just|only|barely|merely) (?:\w+|\d[\d.,]*) (?:out )?of (?:the |its |his |her |their )?(?:\w+ )?(?:[\d.,]+|two|three|"
    r"four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|promised|planned|pledged)\b|"
    r"only (?:a (?:third|quarter|fraction|handful|part)|half|some|part|the first)\b|half[- ](?:kept|met|delivered)|"
    r"(?:fewer|less) than half of (?:the|its)"
)
SOON = r"tomorrow|next (?:\w+)|in (?:january|february|march|april|may|june|july|august|september|october|november|december)|later this|by (?:20|the end)|soon|from (?:january|july|next)|in \d+ days"
COUNT = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty"
FUTURE = r"will|would|could|(?<!in )(?<!since )(?<!by )(?<!of )(?<!until )(?<!from )(?<!early )(?<!late )(?<!\d )may(?! \d)|might|shall|should|if|unless|expected|plans?"
# The clause is background, not today's news.
HISTORY = (
    r"(?:back )?in (?:\w+ (?:of )?)?(?:19|20)\d\d|last (?:year|decade|century)|(?:years?|decades?) (?:ago|earlier|before)|"
    r"long before|(?:previous|former|last|earlier|preceding) (?:administration|government|president|prime minister|cabinet)|"
    r"predecessor\w*|once|in the (?:19|20)\d0s|under (?:former|then)\W\w+|then-\w+"
)
SHARE = (
    r"(?:about |around |roughly |barely |nearly |almost |just |only |over |more than |less than |under )?"
    r"(?:half|(?:a|one|two|three)[- ](?:third|quarter|fifth|tenth)s?|some|most|(?:a )?(?:handful|fraction|part|portion)|"
    r"[\d.,]+ ?(?:%|per ?cent))"
)
PLEDGED = "promised|pledged|vowed|planned|committed|targeted|announced|foreseen|envisaged|scheduled|budgeted"
# What was pledged is not said to be there.
UNDONE = r"not|no|never|none|unbuilt|stalled|suspended|scrapped|cancelled|under (?:construction|way)|begun|started|approved|signed|being"
