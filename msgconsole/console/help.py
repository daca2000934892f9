"""The help panel: three lines a page, and a glossary of the field's terms explained once."""

from dataclasses import dataclass

GLOSSARY: dict[str, str] = {
    "Service": "A Messaging Service: a name, a pool of senders, and the settings that pick one for each message.",
    "Sender": "What a message can come from: long code, toll-free number, short code, alpha sender, WhatsApp, RCS.",
    "Sender pool": "All senders of one Service. A number or short code is in one pool at most.",
    "Long code": "An ordinary phone number, local or mobile, in international form such as +14155550100.",
    "Toll-free": "A number such as +1 800… that is free to call; its messages need verification in the US and Canada.",
    "Short code": "A number of five or six digits. It reaches its own country alone, fast, on most carriers.",
    "Alpha sender": "A name of up to 11 characters instead of a number. Nobody can reply; the US and Canada refuse it.",
    "Sticky sender": "A recipient keeps seeing the sender they know: the first choice is remembered and used again.",
    "Geomatch": "A sender with the recipient's area code (US and Canada) is preferred to others of that country.",
    "Segment": "What a text is billed by: 160 characters in GSM-7, 70 in UCS-2, a little less when several.",
    "Smart encoding": "Curly quotes, dashes and the like are replaced so that a text fits the cheaper GSM-7 alphabet.",
    "MMS converter": "Where pictures cannot be sent, the message goes out as text with a link to the picture.",
    "Validity period": "How long a message may wait in the queue before it fails instead of arriving late.",
    "10DLC campaign": "The registration US carriers ask for before a long code may send to the US.",
    "Brand": "The business that sends, as the US campaign registry knows it. Campaigns are registered in its name.",
    "Toll-free verification": "What a toll-free number is used for, told to the carriers before it may send.",
    "Webhook": "An address of yours that is called when a message arrives or its status changes.",
    "Opt-out": "A recipient texts STOP; from then on this Service's messages to them fail, until they text START.",
    "DLR": "Delivery receipt: the carrier's word on whether a message arrived.",
    "Scaler": "Spreads conversations evenly over senders that are equally good.",
    "SID": "The unique name of a thing: two letters for its kind and 32 digits. The API asks for it.",
}


@dataclass(frozen=True, slots=True)
class Help:
    lines: tuple[str, ...]
    terms: tuple[str, ...] = ()

    @property
    def glossary(self) -> list[tuple[str, str]]:
        return [(term, GLOSSARY[term]) for term in self.terms]


# URL name → its help. A page without an entry has no panel.
PAGES: dict[str, Help] = {
    "console:home": Help(
        (
            "The first lines say how sending goes right now; the list of services shows where it goes wrong.",
            "Latest messages refresh by themselves; the time of the last refresh stands beside them.",
            "First steps tick themselves as you do them. Nothing here costs anything or leaves this machine in a demo.",
        ),
        ("Service", "Sender", "DLR"),
    ),
    "console:services": Help(
        (
            "A Service stands between your application and its senders: you send to the Service, it picks the sender.",
            "The sentence under each name says which sender it would use for whom.",
            "Use one Service per purpose (alerts, marketing): opt-outs and sticky senders belong to a Service.",
        ),
        ("Service", "Sender pool", "Sticky sender", "Opt-out"),
    ),
    "console:service": Help(
        (
            "The sentence at the top says which sender this Service would use for whom.",
            "Yellow and red notes are things that make messages fail, or soon may.",
            "The SID under the name is what an application needs; the Code tab has it filled in.",
        ),
        ("Service", "SID", "10DLC campaign"),
    ),
    "console:service_senders": Help(
        (
            "Add several senders: for each recipient the best one is chosen, and load is spread over equals.",
            "The order is: the sender they know, short code, alpha sender, then numbers by country and area code.",
            "Test send shows the whole choice, sender by sender, without sending.",
        ),
        ("Sender pool", "Sticky sender", "Geomatch", "Scaler"),
    ),
    "console:service_integration": Help(
        (
            "A webhook is an address of yours that is called; it may answer with TwiML to reply.",
            "Every call is signed with the account's auth token, so that you can tell it is genuine.",
            "The status callback hears of every change: queued, sent, delivered, failed.",
        ),
        ("Webhook", "DLR"),
    ),
    "console:service_opt_out": Help(
        (
            "The whole message must be the keyword: “STOP please” is an ordinary message.",
            "A country's own words come first, then the standard ones; STOP always works.",
            "Try any text in the keyword tester: it shows the match, the reply and the block.",
        ),
        ("Opt-out", "Webhook"),
    ),
    "console:service_content": Help(
        (
            "A text is billed by the segment; one character outside GSM-7 makes segments much shorter.",
            "Smart encoding is all or nothing: if one character has no replacement, the text goes out as typed.",
            "A message that waited longer than the validity period fails instead of arriving late.",
        ),
        ("Segment", "Smart encoding", "MMS converter", "Validity period"),
    ),
    "console:sender": Help(
        (
            "A sender serves the Service named here; its webhook counts if that Service lets numbers use their own.",
            "Conversations are the recipients who know this sender and keep getting it.",
            "In a demo you set its standing with the carriers yourself, to see what that changes.",
        ),
        ("Sender", "Sticky sender", "10DLC campaign", "Webhook"),
    ),
    "console:registrations": Help(
        (
            "A brand comes first, then a campaign for each Service that sends to the US from long codes.",
            "The third column says what the state means for messages right now.",
            "A simulated reviewer decides here; on a registration's page you can decide in its place.",
        ),
        ("Brand", "10DLC campaign", "Toll-free verification", "Long code"),
    ),
    "console:registrations_brands": Help(
        (
            "Each business that sends is registered once; its campaigns are registered in its name.",
            "A better score lets its campaigns send faster. Secondary vetting sets it.",
            "A suspended brand suspends its campaigns.",
        ),
        ("Brand", "10DLC campaign"),
    ),
    "console:registrations_toll_free": Help(
        (
            "A toll-free number needs no brand and no campaign, but a verification of its own.",
            "Until it is verified, what it sends to the US and Canada fails, and other senders are chosen before it.",
            "A rejected verification can be edited, which sends it in again.",
        ),
        ("Toll-free", "Toll-free verification"),
    ),
    "console:registration": Help(
        (
            "The coloured box says what the state does to sending, and what happens next.",
            "Each reason of the reviewer has a code; its page says what to do.",
            "Everything that was done to it stands under History.",
        ),
        ("Brand", "10DLC campaign"),
    ),
    "console:service_compliance": Help(
        (
            "One campaign covers all US and Canadian long codes of the pool; numbers that join are added to it.",
            "Toll-free numbers are verified one by one.",
            "Short codes, alpha senders and numbers of other countries need neither.",
        ),
        ("10DLC campaign", "Toll-free verification"),
    ),
    "console:senders": Help(
        (
            "Everything this account can send from, whether in a Service's pool or free.",
            "A number or short code serves one Service at a time; it can be moved.",
            "Demo numbers look real and reach nobody: the simulated carrier answers for them.",
        ),
        ("Long code", "Toll-free", "Short code", "Alpha sender", "10DLC campaign"),
    ),
    "console:test_send": Help(
        (
            "Explain only asks the very rules that a send uses, and writes nothing: try as often as you like.",
            "Read the answer first, then the steps: each says how many senders went in, how many came out, and why.",
            "Send it really sends, to the simulated carrier in a demo, and shows what happens as it happens.",
        ),
        ("Service", "Sticky sender", "Geomatch", "Alpha sender", "Short code", "Segment"),
    ),
    "console:service_sticky": Help(
        (
            "The first message to a recipient chooses a sender; from then on they keep it while it can reach them.",
            "“Still valid?” says whether the next message would use it: a sender that has left no longer counts.",
            "Forgetting one makes the next message choose afresh. Nobody else's sender changes.",
        ),
        ("Sticky sender", "Sender pool"),
    ),
    "console:service_coverage": Help(
        (
            "Each place is asked with a text to somebody new on an ordinary mobile.",
            "A place leads to the test-send page, which shows the whole choice step by step.",
            "“Fails” means that a sender is there, but lacks the registration that the place asks for.",
        ),
        ("Geomatch", "Long code", "Toll-free", "10DLC campaign"),
    ),
    "console:service_cases": Help(
        (
            "A case is a question with the answer it should keep getting; save one from the test-send page.",
            "Run all cases after every change: what comes otherwise stands first, with both answers.",
            "If the new answer is the right one, press Expect this.",
        ),
        ("Sender pool", "Sticky sender"),
    ),
    "console:try_list": Help(
        (
            "Each recipient is decided as a send would be, with the load of those before; nothing is sent or stored.",
            "The work is done in the background: leave the page and come back to it here.",
            "Recipients that stand twice count once; lines that are no address are listed with their number.",
        ),
        ("Scaler", "Opt-out"),
    ),
    "console:compare": Help(
        (
            "Both Services are asked the same question at the same moment; nothing is written.",
            "Lines in which they differ are marked: first the answer, then the switches, then the steps.",
            "Use it before recipients move from one Service to another.",
        ),
        ("Service", "Sender pool"),
    ),
    "console:phone_book": Help(
        (
            "The simulated carrier serves every account of this install, so all of them share this book.",
            "A landline outside the US, Canada and the UK is not tried; a short code may not reach every carrier.",
            "A device that can do RCS gets the Service's RCS sender first, if it has one for that country.",
        ),
        ("Short code", "Sender"),
    ),
    "console:messages": Help(
        (
            "Newest first. The list renews itself; pause it to read in peace.",
            "Decided by names the rule that chose the sender; open a message for the whole decision.",
            "A failed message says why in words; the number in brackets leads to what to do about it.",
        ),
        ("Sender", "Segment", "DLR"),
    ),
    "console:message": Help(
        (
            "The sentence on top says what happened and why; the tabs hold the evidence.",
            "Why this sender shows the decision as it was stored then, even if settings have changed since.",
            "Open as test send asks the same question under today's settings, and writes nothing.",
        ),
        ("Sender", "DLR", "Webhook", "SID"),
    ),
    "console:account": Help(
        (
            "AccountSid and auth token are what clients ask for. An API key does the same, and is revoked alone.",
            "Replacing the token stops every program that uses it, and signs webhooks anew from that moment.",
            "Accounts share nothing. People of a parent account have the same role in its subaccounts.",
        ),
        ("SID", "Webhook"),
    ),
    "console:account_countries": Help(
        (
            "A message to a country that is not ticked is refused with error 21408, before a sender is looked for.",
            "The list holds for every Service of the account, and for messages that wait already.",
            "Test send says beforehand whether a number's country is allowed.",
        ),
        ("Service",),
    ),
    "console:keys": Help(
        (
            "Give each program a key of its own: then one can be revoked without stopping the others.",
            "The secret is shown once, when the key is made. If it is lost, make another key.",
            "Last used is written at most once a minute: it tells keys in use from forgotten ones.",
        ),
        ("SID",),
    ),
    "console:users": Help(
        (
            "A person has one role in an account: viewer, configurator or owner. What each may do stands below.",
            "Owners add and remove people. The last owner cannot go.",
            "Removing somebody leaves their login, and what they did, in place.",
        ),
    ),
    "console:audit": Help(
        (
            "Each line is one change: who, from where, and every field that changed with its value before and after.",
            "The source tells a person in this console from a program at the API and from a command.",
            "Export gives the same lines as a file, as far as the filters go, 10,000 changes at most.",
        ),
        ("SID",),
    ),
    "console:developers": Help(
        (
            "The official client libraries work unchanged once their two base URLs point here.",
            "The magic numbers and words make the simulated carrier fail, wait or report twice, on purpose.",
            "Every error has a page of its own: the link stands in the answer as more_info.",
        ),
        ("SID", "DLR"),
    ),
}
