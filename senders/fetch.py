"""One statement fetches all that a choice needs: the best-ranked members, the recipient's mapping, the version.

Every part is a short index scan, whatever the size of the pool: ten rows from the front of each bucket that could
win, of which the best ten are kept. Message history is never consulted.
"""

# ruff: noqa: S608 - only constants of this file are put into the text; every value goes as a parameter

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final

from django.db import connection

from senders.selection.probes import Ask
from senders.selection.stages.named import StalePool
from senders.selection.summary import BucketKey
from senders.selection.types import MOST_RANKED, Candidate, Probe, StoredMapping
from senders.statements import Row, on_postgresql, rows

# The columns of every part, in the order in which ``_candidate`` and ``_mapping`` read them.
_MEMBER: Final = """m.id, s.id, s.sid, s.address, m.area_code, m.mapping_count, m.queued_count, m.sent_count,
    m.last_used_at, m.bucket_id"""
_NO_MAPPING: Final = """CAST(NULL AS bigint), CAST(NULL AS bigint), CAST(NULL AS varchar(10)), CAST(NULL AS varchar(3)),
    CAST(NULL AS bigint)"""
_COLUMNS: Final = """x.id, x.sender_id, x.bucket_id, x.area_code, x.mapping_count, x.queued_count, x.sent_count,
    x.last_used_at"""
# Looked up by key, one by one. On estimates alone PostgreSQL may prefer to read the whole of a table and join it with
# the few rows needed; the LIMIT keeps it from that.
_SENDER: Final = {
    True: """JOIN LATERAL (SELECT y.id, y.sid, y.address FROM senders_sender y WHERE y.id = m.sender_id LIMIT 1) s
        ON true""",
    False: "JOIN senders_sender s ON s.id = m.sender_id",
}
_MAPPED: Final = {
    True: f"LEFT JOIN LATERAL (SELECT {_COLUMNS} FROM senders_poolmember x WHERE x.id = k.member_id LIMIT 1) m ON true",
    False: "LEFT JOIN senders_poolmember m ON m.id = k.member_id",
}
# Read once for both its uses: to see whether anybody needs ranking, and for itself.
_OWN: Final = """WITH own AS MATERIALIZED (SELECT k.id, k.member_id, k.sender_kind, k.sender_country, k.config_version
    FROM senders_stickymapping k WHERE k.service_id = %s AND k.channel = %s AND k.recipient = %s) """
_UNLESS_MAPPED: Final = "WHERE NOT EXISTS (SELECT 1 FROM own)"
_ORDER: Final = {
    True: ("mapping_count", "queued_count", "sent_count", "last_used_at", "id"),
    False: ("queued_count", "sent_count", "last_used_at", "id"),
}


def fetch(
    service_id: int,
    channel: str,
    recipient: str,
    asked: Ask,
    *,
    keys: Mapping[int, BucketKey],
    sticky: bool,
    without: tuple[int, ...] = (),
    unless_mapped: bool = False,
) -> tuple[tuple[Candidate, ...], StoredMapping | None, int]:
    """Ranked members, the mapping with where it may have moved to, and the Service's version at this moment.

    ``keys``: the buckets of the pool's summary. ``without``: members that are not to be ranked (a what-if has changed
    them). ``unless_mapped``: rank nobody when the recipient has a mapping. It mostly decides then; if it turns out not
    to, fetch again without. Raises ``StalePool`` when a member is in a bucket that the summary does not know.
    """
    guarded = unless_mapped and asked.mapping and bool(asked.probes)
    own = (service_id, channel, recipient)
    if on_postgresql():
        sql, params = _on_postgresql(asked, without, own, sticky=sticky, guarded=guarded)
    else:
        sql, params = _on_sqlite(asked, without, own, sticky=sticky, guarded=guarded)
    return _read(rows(sql, params), keys)


def candidates(member_ids: list[int]) -> dict[int, Candidate]:
    """Members by id, as they are now."""
    marks = ", ".join(["%s"] * len(member_ids))
    key = ", ".join(f"b.{name}" for name in BucketKey._fields)
    sql = (
        f"SELECT 'member', {_MEMBER}, {key} FROM senders_poolmember m {_SENDER[False]} "
        f"JOIN senders_poolbucket b ON b.id = m.bucket_id WHERE m.id IN ({marks})"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, member_ids)
        return {row[1]: _candidate(row, BucketKey(*row[11:17])) for row in cursor.fetchall()}


def _order(alias: str, *, sticky: bool) -> str:
    return ", ".join(f"{alias}.{column}" for column in _ORDER[sticky])


# --- PostgreSQL: constant texts with arrays, so that each is planned once --------------------------------------------


def _on_postgresql(
    asked: Ask, without: tuple[int, ...], own: tuple[int, str, str], *, sticky: bool, guarded: bool
) -> tuple[str, list[Any]]:
    whole = [probe.bucket_id for probe in asked.probes if probe.area_code is None]
    parted = [probe for probe in asked.probes if probe.area_code is not None]
    sql = _postgresql_text(
        bool(whole), bool(parted), bool(without), asked.mapping, bool(asked.members), sticky=sticky, guarded=guarded
    )
    gone = [list(without)] if without else []
    params: list[Any] = [*own] if asked.mapping else []
    if whole:
        params += [whole, *gone]
    if parted:
        params += [[probe.bucket_id for probe in parted], [probe.area_code for probe in parted], *gone]
    if asked.members:
        params += [list(asked.members), own[0]]
    params.append(own[0])
    return sql, params


@lru_cache(maxsize=256)
def _postgresql_text(
    whole: bool, parted: bool, without: bool, mapping: bool, members: bool, *, sticky: bool, guarded: bool
) -> str:
    inner = _order("x", sticky=sticky)
    left_out = "AND x.id <> ALL(%s::bigint[]) " if without else ""
    arms: list[str] = []
    # A lateral scan of the front of each bucket.
    if whole:
        arms.append(
            f"SELECT f.* FROM unnest(%s::bigint[]) AS p(bucket_id) CROSS JOIN LATERAL (SELECT {_COLUMNS} FROM "
            f"senders_poolmember x WHERE x.bucket_id = p.bucket_id {left_out}ORDER BY {inner} LIMIT {MOST_RANKED}) f"
        )
    if parted:
        arms.append(
            "SELECT f.* FROM unnest(%s::bigint[], %s::text[]) AS p(bucket_id, area_code) CROSS JOIN LATERAL "
            f"(SELECT {_COLUMNS} FROM senders_poolmember x WHERE x.bucket_id = p.bucket_id "
            f"AND x.area_code = p.area_code {left_out}ORDER BY {inner} LIMIT {MOST_RANKED}) f"
        )
    parts: list[str] = []
    if arms:
        guard = _UNLESS_MAPPED if guarded else ""
        parts.append(
            f"SELECT * FROM ({_ranked_part(' UNION ALL '.join(arms), guard, sticky=sticky, lateral=True)}) ranked"
        )
    if mapping:
        parts.append(_mapping_part(lateral=True))
    if members:
        parts.append(_members_part("m.id = ANY(%s::bigint[])", lateral=True))
    parts.append(_VERSION)
    return (_OWN if mapping else "") + " UNION ALL ".join(parts)


def _ranked_part(arms: str, guard: str, *, sticky: bool, lateral: bool) -> str:
    best = f"SELECT * FROM ({arms}) a {guard} ORDER BY {_order('a', sticky=sticky)} LIMIT {MOST_RANKED}"
    return f"SELECT 'ranked', {_MEMBER}, {_NO_MAPPING} FROM ({best}) m {_SENDER[lateral]}"


def _mapping_part(*, lateral: bool) -> str:
    return (
        f"SELECT 'mapping', {_MEMBER}, k.id, k.member_id, k.sender_kind, k.sender_country, k.config_version "
        f"FROM own k {_MAPPED[lateral]} LEFT {_SENDER[lateral]}"
    )


def _members_part(which: str, *, lateral: bool) -> str:
    return (
        f"SELECT 'member', {_MEMBER}, {_NO_MAPPING} FROM senders_poolmember m {_SENDER[lateral]} "
        f"WHERE {which} AND m.service_id = %s"
    )


# Last, so that the columns have their types from the parts before.
_VERSION: Final = (
    f"SELECT 'version', {', '.join(['NULL'] * 10)}, v.config_version, NULL, NULL, NULL, NULL "
    "FROM services_messagingservice v WHERE v.id = %s"
)


# --- SQLite: the same without LATERAL --------------------------------------------------------------------------------


def _on_sqlite(
    asked: Ask, without: tuple[int, ...], own: tuple[int, str, str], *, sticky: bool, guarded: bool
) -> tuple[str, list[Any]]:
    parts: list[str] = []
    params: list[Any] = [*own] if asked.mapping else []
    if asked.probes:
        arms, given = _arms_on_sqlite(asked.probes, without, sticky=sticky)
        guard = _UNLESS_MAPPED if guarded else ""
        parts.append(f"SELECT * FROM ({_ranked_part(arms, guard, sticky=sticky, lateral=False)}) ranked")
        params += given
    if asked.mapping:
        parts.append(_mapping_part(lateral=False))
    if asked.members:
        parts.append(_members_part(f"m.id IN ({', '.join(['%s'] * len(asked.members))})", lateral=False))
        params += [*asked.members, own[0]]
    parts.append(_VERSION)
    return (_OWN if asked.mapping else "") + " UNION ALL ".join(parts), [*params, own[0]]


def _arms_on_sqlite(probes: tuple[Probe, ...], without: tuple[int, ...], *, sticky: bool) -> tuple[str, list[Any]]:
    """For each bucket named, the ids at its front by a correlated subquery."""
    inner = _order("x", sticky=sticky)
    left_out = f"AND x.id NOT IN ({', '.join(['%s'] * len(without))}) " if without else ""
    arms: list[str] = []
    params: list[Any] = []
    whole = [probe.bucket_id for probe in probes if probe.area_code is None]
    parted = [probe for probe in probes if probe.area_code is not None]
    if whole:
        values = ", ".join(["(%s)"] * len(whole))
        arms.append(
            f"SELECT m.* FROM (VALUES {values}) p JOIN senders_poolmember m ON m.id IN (SELECT x.id FROM "
            f"senders_poolmember x WHERE x.bucket_id = p.column1 {left_out}ORDER BY {inner} LIMIT {MOST_RANKED})"
        )
        params += [*whole, *without]
    if parted:
        values = ", ".join(["(%s, %s)"] * len(parted))
        arms.append(
            f"SELECT m.* FROM (VALUES {values}) p JOIN senders_poolmember m ON m.id IN (SELECT x.id FROM "
            "senders_poolmember x WHERE x.bucket_id = p.column1 AND x.area_code = p.column2 "
            f"{left_out}ORDER BY {inner} LIMIT {MOST_RANKED})"
        )
        for probe in parted:
            params += [probe.bucket_id, probe.area_code]
        params += without
    return " UNION ALL ".join(arms), params


# --- rows to values --------------------------------------------------------------------------------------------------


def _read(found: list[Row], keys: Mapping[int, BucketKey]) -> tuple[tuple[Candidate, ...], StoredMapping | None, int]:
    ranked: list[Candidate] = []
    moved_to: list[Candidate] = []
    mapping: Row | None = None
    version = 0
    try:
        for row in found:
            part = row[0]
            if part == "ranked":
                ranked.append(_candidate(row, keys[row[10]]))
            elif part == "member":
                moved_to.append(_candidate(row, keys[row[10]]))
            elif part == "mapping":
                mapping = row
            else:
                version = row[11]
        if mapping is None:
            return tuple(ranked), None, version
        member = _candidate(mapping, keys[mapping[10]]) if mapping[1] is not None else None
    except KeyError:
        raise StalePool("a member is in a new bucket") from None
    number, member_id, kind, country, decided_under = mapping[11:16]
    stored = StoredMapping(number, member_id, kind, country, decided_under, member, tuple(moved_to))
    return tuple(ranked), stored, version


def _candidate(row: Row, key: BucketKey) -> Candidate:
    _, number, sender_id, sid, address, area_code, mapped, queued, sent, used, *_ = row
    kind, country, sms, mms, registration, limits = key
    return Candidate(
        number,
        sender_id,
        sid,
        kind,
        address,
        country,
        area_code,
        bool(sms),
        bool(mms),
        registration,
        limits,
        mapped,
        queued,
        sent,
        _moment(used),
        number,
    )


def _moment(value: datetime | str) -> datetime:
    """SQLite keeps moments as text in UTC, without saying so; it comes as text, or as a moment without a zone."""
    found = datetime.fromisoformat(value) if isinstance(value, str) else value
    return found if found.tzinfo else found.replace(tzinfo=UTC)
