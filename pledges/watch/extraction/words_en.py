# ruff: noqa: E501 - rows of a table read better whole
"""English: patterns for `plain` text: who governs and who does not, verbs of saying, forecasts, vague and concrete words."""

ARTICLES = "the|a|an|our|its|his|her|their|The"
ROLES = (
    r"president(?!ial)|prime minister|premier|chancellor|governor|mayor|(?:(?!the |an? |his |her |its |their |our )\w+ )?minister|secretary|taoiseach|"
    r"head of (?:state|government)|spokes(?:man|woman|person)|commissioner|councillor|administrator"
)
TITLES = (
    r"president|prime minister|premier|chancellor|governor|mayor|(?:finance|health|transport|interior|defen[cs]e|education|energy|"
    r"housing|justice|foreign|labou?r|environment|agriculture|water|security|trade|home|economy|culture|planning|tourism|mining|"
    r"sports?|science|technology|infrastructure|works|treasury|industry)? ?(?:minister|secretary)|"
    r"spokes(?:man|woman|person)|opposition leader|(?:opposition )?(?:senator|congressman|congresswoman|lawmaker|deputy|mp)|leader|candidate|president[- ]elect"
)
LEGISLATORS = r"(?:opposition )?(?:senator|congressman|congresswoman|lawmaker|deputy|mp)"  # a single legislator speaks only for themselves
OF_WHAT = r" (?:of|for) (?:the )?[A-Z][a-z]+(?:,? (?:and )?[A-Z][a-z]+(?= ))*?"
HOUSES = (
    r"government|ministry|administration|cabinet|treasury|state|council|department|authorities|presidency|coalition|"
    r"executive|city hall|agency|city(?= (?:will|is to|plans))"
)
OF_HOUSE = r"(?:of|for) (?:the )?[A-Z]\w+(?:(?: and|,)? [A-Z]\w+)*"
PRONOUNS = r"he|she|it|they"
SAME = {"head of state": "president", "head of government": "prime minister|chancellor|premier"}
OTHERS = (
    r"opposition(?: \w+)?|unions?|unionists?|analysts?|activists?|critics?|economists?|experts?|campaigners?|observers?|observatory|columnists?|"
    r"rivals?|opponents?|ngos?|professors?|lobby\w*|think[- ]tanks?|shadow \w+|newspapers?|commentators?|academics?|protesters?|"
    r"farmers?|business (?:groups?|leaders?)|employers|pollsters?|polls|lawyers|moody's|fitch|(?<!, a )(?<!, the )former \w+(?: \w+)?|ex-\w+|residents|"
    r"(?:previous|last|former|outgoing|past|old) (?:\w+ )?(?:government|administration|president|minister|coalition|cabinet)s?|predecessors?|"
    r"those who (?:came|governed|ruled) before(?: \w+)?|before me|statistics office|central bank|forecasters?|researchers|scientists|doctors|"
    r"teachers|nurses|patients|parents|neighbou?rs|companies|investors|markets|banks?|imf|world bank|voters|citizens|gangs?|"
    r"(?:party )?members|(?:the )?(?:reform|labour|liberal|conservative|republican|democratic|green|socialist) party|there were those|some (?:say|people)|many (?:say|people)|"
    r"opposed|(?:political|other|these|many) parties|the other party|the company|a court|party opposite|other side|engineers? (?:estimate|expect|warn|fear|say)|bishops?|judges? (?:said|ruled)|(?:supreme|constitutional) court|court (?:said|ruled)"
)
SAID = (
    r"said|says|say|told|tells|added|adds|announced|announces|promised|pledged|vowed|stated|explained|insisted|noted|went on|"
    r"warned|declared|confirmed|replied|answered|stressed|continued|wrote|assured|reiterated|repeated|revealed|remarked|"
    r"disclosed|presented|indicated|acknowledged|advised"
)
VOICE = r"(?:interview with|(?:speech|address|message|remarks|statement|letter)\b[^.]{0,40}\b(?:of|by|from)|talk with|conversation with)\b"

# After a verb of believing, hoping or asking there is no promise.
BELIEFS = (
    r"(?:estimate|expect|forecast|predict|fear|hope|think|believe|suggest|doubt|wonder|projec|calculat|reckon|worr|suspect|imagin)(?:s|e|es|ed|t|ts|ted|ies|ied|y)?\b(?! (?:of|to) )|"
    r"(?:polls?|models?|data|figures|studies|study|report) (?:show|say|suggest)\w*|asked (?:whether|if)|whether|"
    r"den(?:y|ies|ied)|declin(?:e|es|ed) to|refus(?:e|es|ed) to|did not say|has not said|have not said|would not say|rumou?rs?|"
    r"according to (?:the )?(?:opposition|analysts?|experts?|polls?)|if only|demand(?:s|ed)?|urg(?:e|es|ed)|call(?:s|ed)? on|wants? (?:him|her|them|the)|perhaps|maybe|"
    r"(?:could|may|might) (?:\w+ )?(?:be|mean|see)|(?:how|why) (?:the|it|he|she|we|they)\b"
)
CONDITION = r"\b(?:if|unless|provided(?: that)?|as long as|once (?:congress|parliament|the (?:senate|house|assembly|court|loan|law))|should (?:congress|parliament)|subject to|on condition)\b"
FORECAST_NOUNS = (
    r"economy|inflation|growth|prices|gdp|unemployment|deficit|turnout|traffic|demand|exports|imports|rain|temperatures?|voters?|people|"
    r"children|constituents|companies|markets?|waiting lists|leak|output|revenues?|population|drought|storm|weather|tourists?|sales|history|"
    r"(?:my|our|the) opponents?|days?|crisis|war|election|team|everyone|everybody|nobody|no one|this|that|what|who|you|god|time|future|tomorrow|"
    r"homicides?|murders?|recession|currency|interest rates?|rents|profits|it|which"
)
FORECAST_VERBS = (
    r"grow|fall|stay|remain|exceed|shrink|slow|continue|suffer|leave|forgive|win|lose|vote|happen|come|drop|rain|pass|prevail|need|have to|"
    r"reach|cause|depend|know|see|remember|miss|regret|die|agree|understand|think|believe|wreck|ruin|tell|say|like|love|want|let you|"
    r"seem|feel|look|welcome|thank|applaud|find out|take time|mean|benefit|answer|admit|cost|get|go|lead|result|hurt"
)
OURS_TO_SET = r"(?:wages?|pensions?|salar(?:y|ies)|benefits?|allowances?|tax(?:es)?|vat|fares?|fees?|dut(?:y|ies)|tariffs?|spending|budget|subsid(?:y|ies)|grants?|bonus(?:es)?|pay)"
NO_PROMISE = r"(?:see|lose|win|die|know|remember|need|have to|regret|miss|think|believe|be (?:able|wrong|right|back|happy|sorry|easy|hard|difficult)|say|tell|ask|answer|talk|forget|suffer|understand|find out|wait and|get there|come back to|vote|agree|fail|be judged|face|thank|congratulate|be there for|give everything|stand tall|stop believing|write (?:a |the )?(?:new|next) (?:chapter|page)|turn the page|never know|admit|let you|repeat|add|begin by|start by|wait|return to (?:this|that))\b"
NO_ACT = r"(?:delay|hit|hurt|affect|damage|destroy|force|need|expect|require|know|see|remember|lose|surprise|disappoint|judge|tell)\b"  # something that happens to somebody
MEANS = r"\w+ing\b|(?:the |this |that |these |those |such |our |my |above |new |whole ){0,3}(?:measures?|plans?|law|laws|legislation|reforms?|cuts?|steps?|package|systems?|duties|changes?|scheme|it|this|that)\b"
EFFECT = r"(?:help|mean|show|pave|make it|change the way|give a|lead to|boost|allow (?:us|families|people)|put money|benefit)\b"  # what a measure does is not one more pledge
RECEIVE = r"(?:receive|get (?:a|an|the|their|free|\d)|have (?:access|the right|a right|free)|be entitled|no longer pay|pay (?:no|nothing|half|less))\b"
NOBODY = r"(?:no |nobody|no one|none of)"
VAGUE_VERBS = r"(?:work (?:for|to|towards|together|hard|tirelessly|with|day)|strive|fight (?:for|against|until)|stand (?:up|with|by|for)|listen|care|walk|move forward|go forward|believe|dream|hope|serve|honou?r|do (?:everything|our best|my best|whatever|all|more|better|the right|what)|be (?:there|with|a |an |the |better|stronger|united|open|honest|fair|worthy|proud|at)|keep (?:working|fighting|faith|going|listening)|try|continue|make (?:our country|this country|the country|it (?:better|great)|sure that nobody|us proud|history)|put (?:people|the people|families|our)|defend (?:freedom|our values|our way|democracy|liberty)|restore (?:hope|pride|trust|confidence|dignity|faith)|unite|heal|respect|never (?:forget|give up|rest|stop|surrender)|give (?:hope|our all)|rise|grow|become|bring (?:hope|people together|change)|build (?:a (?:better|fairer|stronger|brighter|new)|the (?:country|nation|future)|bridges between)|look after|leave (?:nobody|no one)|lead|transform|rescue|save|live up|succeed|overcome|prosper|govern|promote|boost|support|encourage|improve|tackle|address|focus)"
VAGUE_NOUNS = r"\b(?:better|fairer|brighter|stronger|freer|greater|prouder) (?:country|future|nation|society|valley|world|city|tomorrow|life|land|people|state|place|britain|america)|dignity|hope|light|destiny|greatness|soul|unity|values|prosperity|our best|justice for all|for everyone|common good|never rest"
CONCRETE = r"\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|dozen|hundred|thousand|million|billion|half|halve|double|triple|every|each|all|bill|law|ban|tax|fund|agency|unit|hospitals?|schools?|prisons?|roads?|bridges?|railway|homes?|houses|police|nurses?|doctors?|teachers?|jobs|wages?|pensions?|fees?|contracts?|violence|homicides|crime)\b"
RECORD = r"record|why|diagnos|achiev|what we (?:have done|did|found)|background|inherit|situation|context|legacy|contents|about us|contact|sources|(?:has|have|had)\b|since \d|already"
PROGRAMME = r"programme|program\b|manifesto|plan\b|pledges?|promises?|commitments?|what we will|we will|our|priorities|proposals?|measures|agenda|together|platform"

VERBS = """
abolish accelerate adapt add adopt allocate allow amend appoint approve arrest audit award ban begin bring build buy call
cancel cap charge clean clear close collect combat complete connect construct convert create cut deliver demolish deport deploy
design develop devote digitise digitize dismantle dissolve distribute double draft draw electrify eliminate employ enact end
enforce enlarge ensure equip establish evict exempt expand expel extend extradite finance finish fire fix forbid found freeze
fund give grant guarantee halt halve hand hire hold house identify impose improve include increase inspect install introduce invest
investigate issue join jail keep launch lay legalise legalize levy license lift limit link lock lower maintain make merge
modernise modernize move name nationalise nationalize negotiate offer open outlaw pave pay phase plant present preserve privatise
privatize procure prohibit propose prosecute protect provide publish punish purchase put raise ratify rebuild recruit reduce
reform refuse register regulate rehabilitate reinforce relocate remove renew renovate rent reopen repair repeal replace repay
rescue resettle restart restore restrict reveal reverse review revoke roll run scrap seek sell send separate set settle shut
sign simplify slash speed spend stop strengthen submit subsidise subsidize supply support suspend switch tackle take tax
tighten train transfer treat triple turn upgrade use vaccinate veto widen withdraw write isolate intervene live publicise
disclose transform promote plant restock teach share help hospitalise feed protect balance decriminalise decriminalize
confiscate seize lease borrow send visit meet report tender license digitalise recognise recognize unify quadruple
"""
