from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class HelloRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class HelloReply(_message.Message):
    __slots__ = ("version", "role", "run", "state", "process_id")
    VERSION_FIELD_NUMBER: _ClassVar[int]
    ROLE_FIELD_NUMBER: _ClassVar[int]
    RUN_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    PROCESS_ID_FIELD_NUMBER: _ClassVar[int]
    version: str
    role: str
    run: str
    state: str
    process_id: int
    def __init__(self, version: _Optional[str] = ..., role: _Optional[str] = ..., run: _Optional[str] = ..., state: _Optional[str] = ..., process_id: _Optional[int] = ...) -> None: ...

class ListPacksRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ListPacksReply(_message.Message):
    __slots__ = ("packs",)
    PACKS_FIELD_NUMBER: _ClassVar[int]
    packs: _containers.RepeatedCompositeFieldContainer[PackSummary]
    def __init__(self, packs: _Optional[_Iterable[_Union[PackSummary, _Mapping]]] = ...) -> None: ...

class PackSummary(_message.Message):
    __slots__ = ("id", "codename", "title", "story", "severity", "services", "problem", "levels", "origin", "trusted")
    ID_FIELD_NUMBER: _ClassVar[int]
    CODENAME_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    STORY_FIELD_NUMBER: _ClassVar[int]
    SEVERITY_FIELD_NUMBER: _ClassVar[int]
    SERVICES_FIELD_NUMBER: _ClassVar[int]
    PROBLEM_FIELD_NUMBER: _ClassVar[int]
    LEVELS_FIELD_NUMBER: _ClassVar[int]
    ORIGIN_FIELD_NUMBER: _ClassVar[int]
    TRUSTED_FIELD_NUMBER: _ClassVar[int]
    id: str
    codename: str
    title: str
    story: str
    severity: str
    services: int
    problem: str
    levels: _containers.RepeatedCompositeFieldContainer[Level]
    origin: str
    trusted: bool
    def __init__(self, id: _Optional[str] = ..., codename: _Optional[str] = ..., title: _Optional[str] = ..., story: _Optional[str] = ..., severity: _Optional[str] = ..., services: _Optional[int] = ..., problem: _Optional[str] = ..., levels: _Optional[_Iterable[_Union[Level, _Mapping]]] = ..., origin: _Optional[str] = ..., trusted: _Optional[bool] = ...) -> None: ...

class Level(_message.Message):
    __slots__ = ("number", "text")
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    number: int
    text: str
    def __init__(self, number: _Optional[int] = ..., text: _Optional[str] = ...) -> None: ...

class AddPackRequest(_message.Message):
    __slots__ = ("folder",)
    FOLDER_FIELD_NUMBER: _ClassVar[int]
    folder: str
    def __init__(self, folder: _Optional[str] = ...) -> None: ...

class AddedPack(_message.Message):
    __slots__ = ("pack", "files", "fingerprint")
    PACK_FIELD_NUMBER: _ClassVar[int]
    FILES_FIELD_NUMBER: _ClassVar[int]
    FINGERPRINT_FIELD_NUMBER: _ClassVar[int]
    pack: PackSummary
    files: int
    fingerprint: str
    def __init__(self, pack: _Optional[_Union[PackSummary, _Mapping]] = ..., files: _Optional[int] = ..., fingerprint: _Optional[str] = ...) -> None: ...

class TrustPackRequest(_message.Message):
    __slots__ = ("folder", "fingerprint")
    FOLDER_FIELD_NUMBER: _ClassVar[int]
    FINGERPRINT_FIELD_NUMBER: _ClassVar[int]
    folder: str
    fingerprint: str
    def __init__(self, folder: _Optional[str] = ..., fingerprint: _Optional[str] = ...) -> None: ...

class RemovePackRequest(_message.Message):
    __slots__ = ("folder",)
    FOLDER_FIELD_NUMBER: _ClassVar[int]
    folder: str
    def __init__(self, folder: _Optional[str] = ...) -> None: ...

class ListRunsRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ListRunsReply(_message.Message):
    __slots__ = ("runs",)
    RUNS_FIELD_NUMBER: _ClassVar[int]
    runs: _containers.RepeatedCompositeFieldContainer[RunSummary]
    def __init__(self, runs: _Optional[_Iterable[_Union[RunSummary, _Mapping]]] = ...) -> None: ...

class RunSummary(_message.Message):
    __slots__ = ("name", "title", "started_ns", "changed_ns", "phase", "problem")
    NAME_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    STARTED_NS_FIELD_NUMBER: _ClassVar[int]
    CHANGED_NS_FIELD_NUMBER: _ClassVar[int]
    PHASE_FIELD_NUMBER: _ClassVar[int]
    PROBLEM_FIELD_NUMBER: _ClassVar[int]
    name: str
    title: str
    started_ns: int
    changed_ns: int
    phase: str
    problem: str
    def __init__(self, name: _Optional[str] = ..., title: _Optional[str] = ..., started_ns: _Optional[int] = ..., changed_ns: _Optional[int] = ..., phase: _Optional[str] = ..., problem: _Optional[str] = ...) -> None: ...

class PreflightRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class PreflightCheck(_message.Message):
    __slots__ = ("name", "status", "detail", "remedy")
    NAME_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    DETAIL_FIELD_NUMBER: _ClassVar[int]
    REMEDY_FIELD_NUMBER: _ClassVar[int]
    name: str
    status: str
    detail: str
    remedy: str
    def __init__(self, name: _Optional[str] = ..., status: _Optional[str] = ..., detail: _Optional[str] = ..., remedy: _Optional[str] = ...) -> None: ...

class OpenRunRequest(_message.Message):
    __slots__ = ("packs", "seed", "resume", "agenda", "level")
    PACKS_FIELD_NUMBER: _ClassVar[int]
    SEED_FIELD_NUMBER: _ClassVar[int]
    RESUME_FIELD_NUMBER: _ClassVar[int]
    AGENDA_FIELD_NUMBER: _ClassVar[int]
    LEVEL_FIELD_NUMBER: _ClassVar[int]
    packs: _containers.RepeatedScalarFieldContainer[str]
    seed: int
    resume: str
    agenda: str
    level: int
    def __init__(self, packs: _Optional[_Iterable[str]] = ..., seed: _Optional[int] = ..., resume: _Optional[str] = ..., agenda: _Optional[str] = ..., level: _Optional[int] = ...) -> None: ...

class OpenRunProgress(_message.Message):
    __slots__ = ("step", "detail", "finished", "run")
    STEP_FIELD_NUMBER: _ClassVar[int]
    DETAIL_FIELD_NUMBER: _ClassVar[int]
    FINISHED_FIELD_NUMBER: _ClassVar[int]
    RUN_FIELD_NUMBER: _ClassVar[int]
    step: str
    detail: str
    finished: bool
    run: str
    def __init__(self, step: _Optional[str] = ..., detail: _Optional[str] = ..., finished: _Optional[bool] = ..., run: _Optional[str] = ...) -> None: ...

class SnapshotRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class WatchRequest(_message.Message):
    __slots__ = ("after",)
    AFTER_FIELD_NUMBER: _ClassVar[int]
    after: int
    def __init__(self, after: _Optional[int] = ...) -> None: ...

class Update(_message.Message):
    __slots__ = ("events", "snapshot")
    EVENTS_FIELD_NUMBER: _ClassVar[int]
    SNAPSHOT_FIELD_NUMBER: _ClassVar[int]
    events: _containers.RepeatedCompositeFieldContainer[Event]
    snapshot: Snapshot
    def __init__(self, events: _Optional[_Iterable[_Union[Event, _Mapping]]] = ..., snapshot: _Optional[_Union[Snapshot, _Mapping]] = ...) -> None: ...

class Event(_message.Message):
    __slots__ = ("number", "wall_ns", "drill_ms", "actor", "role", "kind", "fields_json")
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    WALL_NS_FIELD_NUMBER: _ClassVar[int]
    DRILL_MS_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    ROLE_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    FIELDS_JSON_FIELD_NUMBER: _ClassVar[int]
    number: int
    wall_ns: int
    drill_ms: int
    actor: str
    role: str
    kind: str
    fields_json: str
    def __init__(self, number: _Optional[int] = ..., wall_ns: _Optional[int] = ..., drill_ms: _Optional[int] = ..., actor: _Optional[str] = ..., role: _Optional[str] = ..., kind: _Optional[str] = ..., fields_json: _Optional[str] = ...) -> None: ...

class Snapshot(_message.Message):
    __slots__ = ("number", "run", "codename", "title", "story", "severity", "clock", "agenda", "scenarios", "alerts", "services", "deploys", "marks", "hints", "verifications", "charts", "entry", "started_ns", "level", "chaos", "stress", "alert_rules")
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    RUN_FIELD_NUMBER: _ClassVar[int]
    CODENAME_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    STORY_FIELD_NUMBER: _ClassVar[int]
    SEVERITY_FIELD_NUMBER: _ClassVar[int]
    CLOCK_FIELD_NUMBER: _ClassVar[int]
    AGENDA_FIELD_NUMBER: _ClassVar[int]
    SCENARIOS_FIELD_NUMBER: _ClassVar[int]
    ALERTS_FIELD_NUMBER: _ClassVar[int]
    SERVICES_FIELD_NUMBER: _ClassVar[int]
    DEPLOYS_FIELD_NUMBER: _ClassVar[int]
    MARKS_FIELD_NUMBER: _ClassVar[int]
    HINTS_FIELD_NUMBER: _ClassVar[int]
    VERIFICATIONS_FIELD_NUMBER: _ClassVar[int]
    CHARTS_FIELD_NUMBER: _ClassVar[int]
    ENTRY_FIELD_NUMBER: _ClassVar[int]
    STARTED_NS_FIELD_NUMBER: _ClassVar[int]
    LEVEL_FIELD_NUMBER: _ClassVar[int]
    CHAOS_FIELD_NUMBER: _ClassVar[int]
    STRESS_FIELD_NUMBER: _ClassVar[int]
    ALERT_RULES_FIELD_NUMBER: _ClassVar[int]
    number: int
    run: str
    codename: str
    title: str
    story: str
    severity: str
    clock: Clock
    agenda: _containers.RepeatedCompositeFieldContainer[Segment]
    scenarios: _containers.RepeatedCompositeFieldContainer[Scenario]
    alerts: _containers.RepeatedCompositeFieldContainer[Alert]
    services: _containers.RepeatedCompositeFieldContainer[Service]
    deploys: _containers.RepeatedCompositeFieldContainer[Deploy]
    marks: _containers.RepeatedCompositeFieldContainer[Mark]
    hints: _containers.RepeatedCompositeFieldContainer[Hint]
    verifications: _containers.RepeatedCompositeFieldContainer[Verification]
    charts: _containers.RepeatedCompositeFieldContainer[Chart]
    entry: str
    started_ns: int
    level: int
    chaos: _containers.RepeatedCompositeFieldContainer[Chaos]
    stress: _containers.RepeatedCompositeFieldContainer[Stress]
    alert_rules: _containers.RepeatedCompositeFieldContainer[AlertRule]
    def __init__(self, number: _Optional[int] = ..., run: _Optional[str] = ..., codename: _Optional[str] = ..., title: _Optional[str] = ..., story: _Optional[str] = ..., severity: _Optional[str] = ..., clock: _Optional[_Union[Clock, _Mapping]] = ..., agenda: _Optional[_Iterable[_Union[Segment, _Mapping]]] = ..., scenarios: _Optional[_Iterable[_Union[Scenario, _Mapping]]] = ..., alerts: _Optional[_Iterable[_Union[Alert, _Mapping]]] = ..., services: _Optional[_Iterable[_Union[Service, _Mapping]]] = ..., deploys: _Optional[_Iterable[_Union[Deploy, _Mapping]]] = ..., marks: _Optional[_Iterable[_Union[Mark, _Mapping]]] = ..., hints: _Optional[_Iterable[_Union[Hint, _Mapping]]] = ..., verifications: _Optional[_Iterable[_Union[Verification, _Mapping]]] = ..., charts: _Optional[_Iterable[_Union[Chart, _Mapping]]] = ..., entry: _Optional[str] = ..., started_ns: _Optional[int] = ..., level: _Optional[int] = ..., chaos: _Optional[_Iterable[_Union[Chaos, _Mapping]]] = ..., stress: _Optional[_Iterable[_Union[Stress, _Mapping]]] = ..., alert_rules: _Optional[_Iterable[_Union[AlertRule, _Mapping]]] = ...) -> None: ...

class Clock(_message.Message):
    __slots__ = ("held", "drill_ms", "wall_ns", "phase", "phase_started_drill_ms", "phase_minutes_ms", "three_am_drill_ms")
    HELD_FIELD_NUMBER: _ClassVar[int]
    DRILL_MS_FIELD_NUMBER: _ClassVar[int]
    WALL_NS_FIELD_NUMBER: _ClassVar[int]
    PHASE_FIELD_NUMBER: _ClassVar[int]
    PHASE_STARTED_DRILL_MS_FIELD_NUMBER: _ClassVar[int]
    PHASE_MINUTES_MS_FIELD_NUMBER: _ClassVar[int]
    THREE_AM_DRILL_MS_FIELD_NUMBER: _ClassVar[int]
    held: bool
    drill_ms: int
    wall_ns: int
    phase: str
    phase_started_drill_ms: int
    phase_minutes_ms: int
    three_am_drill_ms: int
    def __init__(self, held: _Optional[bool] = ..., drill_ms: _Optional[int] = ..., wall_ns: _Optional[int] = ..., phase: _Optional[str] = ..., phase_started_drill_ms: _Optional[int] = ..., phase_minutes_ms: _Optional[int] = ..., three_am_drill_ms: _Optional[int] = ...) -> None: ...

class Segment(_message.Message):
    __slots__ = ("id", "name", "activities", "notes", "minutes_ms", "state", "is_break")
    ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    ACTIVITIES_FIELD_NUMBER: _ClassVar[int]
    NOTES_FIELD_NUMBER: _ClassVar[int]
    MINUTES_MS_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    IS_BREAK_FIELD_NUMBER: _ClassVar[int]
    id: str
    name: str
    activities: str
    notes: str
    minutes_ms: int
    state: str
    is_break: bool
    def __init__(self, id: _Optional[str] = ..., name: _Optional[str] = ..., activities: _Optional[str] = ..., notes: _Optional[str] = ..., minutes_ms: _Optional[int] = ..., state: _Optional[str] = ..., is_break: _Optional[bool] = ...) -> None: ...

class Scenario(_message.Message):
    __slots__ = ("pack", "codename", "title", "state", "triggered_drill_ms", "symptom_drill_ms", "symptom", "herrings")
    PACK_FIELD_NUMBER: _ClassVar[int]
    CODENAME_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    TRIGGERED_DRILL_MS_FIELD_NUMBER: _ClassVar[int]
    SYMPTOM_DRILL_MS_FIELD_NUMBER: _ClassVar[int]
    SYMPTOM_FIELD_NUMBER: _ClassVar[int]
    HERRINGS_FIELD_NUMBER: _ClassVar[int]
    pack: str
    codename: str
    title: str
    state: str
    triggered_drill_ms: int
    symptom_drill_ms: int
    symptom: str
    herrings: _containers.RepeatedCompositeFieldContainer[Herring]
    def __init__(self, pack: _Optional[str] = ..., codename: _Optional[str] = ..., title: _Optional[str] = ..., state: _Optional[str] = ..., triggered_drill_ms: _Optional[int] = ..., symptom_drill_ms: _Optional[int] = ..., symptom: _Optional[str] = ..., herrings: _Optional[_Iterable[_Union[Herring, _Mapping]]] = ...) -> None: ...

class Herring(_message.Message):
    __slots__ = ("id", "title", "text", "chaos")
    ID_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    CHAOS_FIELD_NUMBER: _ClassVar[int]
    id: str
    title: str
    text: str
    chaos: str
    def __init__(self, id: _Optional[str] = ..., title: _Optional[str] = ..., text: _Optional[str] = ..., chaos: _Optional[str] = ...) -> None: ...

class Chaos(_message.Message):
    __slots__ = ("id", "action", "title", "target", "intensity", "started_ns", "ends_ns", "ended_ns", "effect", "visible", "end", "herring")
    ID_FIELD_NUMBER: _ClassVar[int]
    ACTION_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    TARGET_FIELD_NUMBER: _ClassVar[int]
    INTENSITY_FIELD_NUMBER: _ClassVar[int]
    STARTED_NS_FIELD_NUMBER: _ClassVar[int]
    ENDS_NS_FIELD_NUMBER: _ClassVar[int]
    ENDED_NS_FIELD_NUMBER: _ClassVar[int]
    EFFECT_FIELD_NUMBER: _ClassVar[int]
    VISIBLE_FIELD_NUMBER: _ClassVar[int]
    END_FIELD_NUMBER: _ClassVar[int]
    HERRING_FIELD_NUMBER: _ClassVar[int]
    id: str
    action: str
    title: str
    target: str
    intensity: str
    started_ns: int
    ends_ns: int
    ended_ns: int
    effect: str
    visible: bool
    end: str
    herring: str
    def __init__(self, id: _Optional[str] = ..., action: _Optional[str] = ..., title: _Optional[str] = ..., target: _Optional[str] = ..., intensity: _Optional[str] = ..., started_ns: _Optional[int] = ..., ends_ns: _Optional[int] = ..., ended_ns: _Optional[int] = ..., effect: _Optional[str] = ..., visible: _Optional[bool] = ..., end: _Optional[str] = ..., herring: _Optional[str] = ...) -> None: ...

class Stress(_message.Message):
    __slots__ = ("scenario", "started_ns", "seconds", "measured")
    SCENARIO_FIELD_NUMBER: _ClassVar[int]
    STARTED_NS_FIELD_NUMBER: _ClassVar[int]
    SECONDS_FIELD_NUMBER: _ClassVar[int]
    MEASURED_FIELD_NUMBER: _ClassVar[int]
    scenario: str
    started_ns: int
    seconds: float
    measured: str
    def __init__(self, scenario: _Optional[str] = ..., started_ns: _Optional[int] = ..., seconds: _Optional[float] = ..., measured: _Optional[str] = ...) -> None: ...

class Alert(_message.Message):
    __slots__ = ("id", "title", "detail", "severity", "service", "fired_ns", "resolved_ns", "acknowledged_by")
    ID_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    DETAIL_FIELD_NUMBER: _ClassVar[int]
    SEVERITY_FIELD_NUMBER: _ClassVar[int]
    SERVICE_FIELD_NUMBER: _ClassVar[int]
    FIRED_NS_FIELD_NUMBER: _ClassVar[int]
    RESOLVED_NS_FIELD_NUMBER: _ClassVar[int]
    ACKNOWLEDGED_BY_FIELD_NUMBER: _ClassVar[int]
    id: str
    title: str
    detail: str
    severity: str
    service: str
    fired_ns: int
    resolved_ns: int
    acknowledged_by: str
    def __init__(self, id: _Optional[str] = ..., title: _Optional[str] = ..., detail: _Optional[str] = ..., severity: _Optional[str] = ..., service: _Optional[str] = ..., fired_ns: _Optional[int] = ..., resolved_ns: _Optional[int] = ..., acknowledged_by: _Optional[str] = ...) -> None: ...

class AlertRule(_message.Message):
    __slots__ = ("id", "title", "series", "op", "value", "for_s", "severity")
    ID_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    SERIES_FIELD_NUMBER: _ClassVar[int]
    OP_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    FOR_S_FIELD_NUMBER: _ClassVar[int]
    SEVERITY_FIELD_NUMBER: _ClassVar[int]
    id: str
    title: str
    series: str
    op: str
    value: float
    for_s: float
    severity: str
    def __init__(self, id: _Optional[str] = ..., title: _Optional[str] = ..., series: _Optional[str] = ..., op: _Optional[str] = ..., value: _Optional[float] = ..., for_s: _Optional[float] = ..., severity: _Optional[str] = ...) -> None: ...

class Service(_message.Message):
    __slots__ = ("name", "role", "state", "commit", "problem", "editable", "restarts")
    NAME_FIELD_NUMBER: _ClassVar[int]
    ROLE_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    COMMIT_FIELD_NUMBER: _ClassVar[int]
    PROBLEM_FIELD_NUMBER: _ClassVar[int]
    EDITABLE_FIELD_NUMBER: _ClassVar[int]
    RESTARTS_FIELD_NUMBER: _ClassVar[int]
    name: str
    role: str
    state: str
    commit: str
    problem: str
    editable: bool
    restarts: int
    def __init__(self, name: _Optional[str] = ..., role: _Optional[str] = ..., state: _Optional[str] = ..., commit: _Optional[str] = ..., problem: _Optional[str] = ..., editable: _Optional[bool] = ..., restarts: _Optional[int] = ...) -> None: ...

class Deploy(_message.Message):
    __slots__ = ("commit", "title", "services", "wall_ns", "state", "problem", "file", "line")
    COMMIT_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    SERVICES_FIELD_NUMBER: _ClassVar[int]
    WALL_NS_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    PROBLEM_FIELD_NUMBER: _ClassVar[int]
    FILE_FIELD_NUMBER: _ClassVar[int]
    LINE_FIELD_NUMBER: _ClassVar[int]
    commit: str
    title: str
    services: _containers.RepeatedScalarFieldContainer[str]
    wall_ns: int
    state: str
    problem: str
    file: str
    line: int
    def __init__(self, commit: _Optional[str] = ..., title: _Optional[str] = ..., services: _Optional[_Iterable[str]] = ..., wall_ns: _Optional[int] = ..., state: _Optional[str] = ..., problem: _Optional[str] = ..., file: _Optional[str] = ..., line: _Optional[int] = ...) -> None: ...

class Mark(_message.Message):
    __slots__ = ("text", "actor", "wall_ns")
    TEXT_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    WALL_NS_FIELD_NUMBER: _ClassVar[int]
    text: str
    actor: str
    wall_ns: int
    def __init__(self, text: _Optional[str] = ..., actor: _Optional[str] = ..., wall_ns: _Optional[int] = ...) -> None: ...

class Hint(_message.Message):
    __slots__ = ("level", "text", "cost", "released", "index")
    LEVEL_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    COST_FIELD_NUMBER: _ClassVar[int]
    RELEASED_FIELD_NUMBER: _ClassVar[int]
    INDEX_FIELD_NUMBER: _ClassVar[int]
    level: str
    text: str
    cost: int
    released: bool
    index: int
    def __init__(self, level: _Optional[str] = ..., text: _Optional[str] = ..., cost: _Optional[int] = ..., released: _Optional[bool] = ..., index: _Optional[int] = ...) -> None: ...

class Probe(_message.Message):
    __slots__ = ("name", "asks", "duty", "state", "measured", "required", "seconds", "evidence")
    NAME_FIELD_NUMBER: _ClassVar[int]
    ASKS_FIELD_NUMBER: _ClassVar[int]
    DUTY_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    MEASURED_FIELD_NUMBER: _ClassVar[int]
    REQUIRED_FIELD_NUMBER: _ClassVar[int]
    SECONDS_FIELD_NUMBER: _ClassVar[int]
    EVIDENCE_FIELD_NUMBER: _ClassVar[int]
    name: str
    asks: str
    duty: str
    state: str
    measured: str
    required: str
    seconds: float
    evidence: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, name: _Optional[str] = ..., asks: _Optional[str] = ..., duty: _Optional[str] = ..., state: _Optional[str] = ..., measured: _Optional[str] = ..., required: _Optional[str] = ..., seconds: _Optional[float] = ..., evidence: _Optional[_Iterable[str]] = ...) -> None: ...

class Verification(_message.Message):
    __slots__ = ("id", "commit", "title", "state", "verdict", "probe", "measured", "required", "probes", "seconds", "seconds_left", "step", "wall_ns", "scenario")
    ID_FIELD_NUMBER: _ClassVar[int]
    COMMIT_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    VERDICT_FIELD_NUMBER: _ClassVar[int]
    PROBE_FIELD_NUMBER: _ClassVar[int]
    MEASURED_FIELD_NUMBER: _ClassVar[int]
    REQUIRED_FIELD_NUMBER: _ClassVar[int]
    PROBES_FIELD_NUMBER: _ClassVar[int]
    SECONDS_FIELD_NUMBER: _ClassVar[int]
    SECONDS_LEFT_FIELD_NUMBER: _ClassVar[int]
    STEP_FIELD_NUMBER: _ClassVar[int]
    WALL_NS_FIELD_NUMBER: _ClassVar[int]
    SCENARIO_FIELD_NUMBER: _ClassVar[int]
    id: str
    commit: str
    title: str
    state: str
    verdict: str
    probe: str
    measured: str
    required: str
    probes: _containers.RepeatedCompositeFieldContainer[Probe]
    seconds: float
    seconds_left: float
    step: str
    wall_ns: int
    scenario: str
    def __init__(self, id: _Optional[str] = ..., commit: _Optional[str] = ..., title: _Optional[str] = ..., state: _Optional[str] = ..., verdict: _Optional[str] = ..., probe: _Optional[str] = ..., measured: _Optional[str] = ..., required: _Optional[str] = ..., probes: _Optional[_Iterable[_Union[Probe, _Mapping]]] = ..., seconds: _Optional[float] = ..., seconds_left: _Optional[float] = ..., step: _Optional[str] = ..., wall_ns: _Optional[int] = ..., scenario: _Optional[str] = ...) -> None: ...

class Chart(_message.Message):
    __slots__ = ("id", "title", "caption", "unit", "series", "slo", "slo_label")
    ID_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    CAPTION_FIELD_NUMBER: _ClassVar[int]
    UNIT_FIELD_NUMBER: _ClassVar[int]
    SERIES_FIELD_NUMBER: _ClassVar[int]
    SLO_FIELD_NUMBER: _ClassVar[int]
    SLO_LABEL_FIELD_NUMBER: _ClassVar[int]
    id: str
    title: str
    caption: str
    unit: str
    series: _containers.RepeatedCompositeFieldContainer[ChartSeries]
    slo: float
    slo_label: str
    def __init__(self, id: _Optional[str] = ..., title: _Optional[str] = ..., caption: _Optional[str] = ..., unit: _Optional[str] = ..., series: _Optional[_Iterable[_Union[ChartSeries, _Mapping]]] = ..., slo: _Optional[float] = ..., slo_label: _Optional[str] = ...) -> None: ...

class ChartSeries(_message.Message):
    __slots__ = ("series", "label", "style", "colour")
    SERIES_FIELD_NUMBER: _ClassVar[int]
    LABEL_FIELD_NUMBER: _ClassVar[int]
    STYLE_FIELD_NUMBER: _ClassVar[int]
    COLOUR_FIELD_NUMBER: _ClassVar[int]
    series: str
    label: str
    style: str
    colour: str
    def __init__(self, series: _Optional[str] = ..., label: _Optional[str] = ..., style: _Optional[str] = ..., colour: _Optional[str] = ...) -> None: ...

class Done(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class StartPhaseRequest(_message.Message):
    __slots__ = ("phase",)
    PHASE_FIELD_NUMBER: _ClassVar[int]
    phase: str
    def __init__(self, phase: _Optional[str] = ...) -> None: ...

class EndPhaseRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class HoldClockRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ReleaseClockRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ExtendPhaseRequest(_message.Message):
    __slots__ = ("minutes",)
    MINUTES_FIELD_NUMBER: _ClassVar[int]
    minutes: int
    def __init__(self, minutes: _Optional[int] = ...) -> None: ...

class TriggerScenarioRequest(_message.Message):
    __slots__ = ("pack",)
    PACK_FIELD_NUMBER: _ClassVar[int]
    pack: str
    def __init__(self, pack: _Optional[str] = ...) -> None: ...

class StopScenarioRequest(_message.Message):
    __slots__ = ("pack",)
    PACK_FIELD_NUMBER: _ClassVar[int]
    pack: str
    def __init__(self, pack: _Optional[str] = ...) -> None: ...

class ReleaseHintRequest(_message.Message):
    __slots__ = ("pack", "index")
    PACK_FIELD_NUMBER: _ClassVar[int]
    INDEX_FIELD_NUMBER: _ClassVar[int]
    pack: str
    index: int
    def __init__(self, pack: _Optional[str] = ..., index: _Optional[int] = ...) -> None: ...

class FacilitatorPageRequest(_message.Message):
    __slots__ = ("pack",)
    PACK_FIELD_NUMBER: _ClassVar[int]
    pack: str
    def __init__(self, pack: _Optional[str] = ...) -> None: ...

class FacilitatorPage(_message.Message):
    __slots__ = ("component", "mechanism", "evidence", "notes", "hints")
    COMPONENT_FIELD_NUMBER: _ClassVar[int]
    MECHANISM_FIELD_NUMBER: _ClassVar[int]
    EVIDENCE_FIELD_NUMBER: _ClassVar[int]
    NOTES_FIELD_NUMBER: _ClassVar[int]
    HINTS_FIELD_NUMBER: _ClassVar[int]
    component: str
    mechanism: str
    evidence: _containers.RepeatedScalarFieldContainer[str]
    notes: str
    hints: _containers.RepeatedCompositeFieldContainer[Hint]
    def __init__(self, component: _Optional[str] = ..., mechanism: _Optional[str] = ..., evidence: _Optional[_Iterable[str]] = ..., notes: _Optional[str] = ..., hints: _Optional[_Iterable[_Union[Hint, _Mapping]]] = ...) -> None: ...

class StartStressRequest(_message.Message):
    __slots__ = ("pack", "seconds")
    PACK_FIELD_NUMBER: _ClassVar[int]
    SECONDS_FIELD_NUMBER: _ClassVar[int]
    pack: str
    seconds: float
    def __init__(self, pack: _Optional[str] = ..., seconds: _Optional[float] = ...) -> None: ...

class ListChaosRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ChaosMenu(_message.Message):
    __slots__ = ("actions",)
    ACTIONS_FIELD_NUMBER: _ClassVar[int]
    actions: _containers.RepeatedCompositeFieldContainer[ChaosAction]
    def __init__(self, actions: _Optional[_Iterable[_Union[ChaosAction, _Mapping]]] = ...) -> None: ...

class ChaosAction(_message.Message):
    __slots__ = ("name", "title", "text", "target_kind", "targets", "intensity", "longest_s")
    NAME_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    TARGET_KIND_FIELD_NUMBER: _ClassVar[int]
    TARGETS_FIELD_NUMBER: _ClassVar[int]
    INTENSITY_FIELD_NUMBER: _ClassVar[int]
    LONGEST_S_FIELD_NUMBER: _ClassVar[int]
    name: str
    title: str
    text: str
    target_kind: str
    targets: _containers.RepeatedScalarFieldContainer[str]
    intensity: _containers.RepeatedCompositeFieldContainer[ChaosIntensity]
    longest_s: float
    def __init__(self, name: _Optional[str] = ..., title: _Optional[str] = ..., text: _Optional[str] = ..., target_kind: _Optional[str] = ..., targets: _Optional[_Iterable[str]] = ..., intensity: _Optional[_Iterable[_Union[ChaosIntensity, _Mapping]]] = ..., longest_s: _Optional[float] = ...) -> None: ...

class ChaosIntensity(_message.Message):
    __slots__ = ("name", "unit", "usual", "least", "most", "text")
    NAME_FIELD_NUMBER: _ClassVar[int]
    UNIT_FIELD_NUMBER: _ClassVar[int]
    USUAL_FIELD_NUMBER: _ClassVar[int]
    LEAST_FIELD_NUMBER: _ClassVar[int]
    MOST_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    name: str
    unit: str
    usual: float
    least: float
    most: float
    text: str
    def __init__(self, name: _Optional[str] = ..., unit: _Optional[str] = ..., usual: _Optional[float] = ..., least: _Optional[float] = ..., most: _Optional[float] = ..., text: _Optional[str] = ...) -> None: ...

class StartChaosRequest(_message.Message):
    __slots__ = ("action", "target", "intensity", "lasts_s", "herring", "pack")
    ACTION_FIELD_NUMBER: _ClassVar[int]
    TARGET_FIELD_NUMBER: _ClassVar[int]
    INTENSITY_FIELD_NUMBER: _ClassVar[int]
    LASTS_S_FIELD_NUMBER: _ClassVar[int]
    HERRING_FIELD_NUMBER: _ClassVar[int]
    PACK_FIELD_NUMBER: _ClassVar[int]
    action: str
    target: str
    intensity: _containers.RepeatedCompositeFieldContainer[ChaosNumber]
    lasts_s: float
    herring: str
    pack: str
    def __init__(self, action: _Optional[str] = ..., target: _Optional[str] = ..., intensity: _Optional[_Iterable[_Union[ChaosNumber, _Mapping]]] = ..., lasts_s: _Optional[float] = ..., herring: _Optional[str] = ..., pack: _Optional[str] = ...) -> None: ...

class ChaosNumber(_message.Message):
    __slots__ = ("name", "value")
    NAME_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    name: str
    value: float
    def __init__(self, name: _Optional[str] = ..., value: _Optional[float] = ...) -> None: ...

class StartChaosReply(_message.Message):
    __slots__ = ("id",)
    ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    def __init__(self, id: _Optional[str] = ...) -> None: ...

class StopChaosRequest(_message.Message):
    __slots__ = ("id",)
    ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    def __init__(self, id: _Optional[str] = ...) -> None: ...

class WriteReportRequest(_message.Message):
    __slots__ = ("folder",)
    FOLDER_FIELD_NUMBER: _ClassVar[int]
    folder: str
    def __init__(self, folder: _Optional[str] = ...) -> None: ...

class WriteReportReply(_message.Message):
    __slots__ = ("files",)
    FILES_FIELD_NUMBER: _ClassVar[int]
    files: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, files: _Optional[_Iterable[str]] = ...) -> None: ...

class ShutdownRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class AcknowledgeAlertRequest(_message.Message):
    __slots__ = ("id",)
    ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    def __init__(self, id: _Optional[str] = ...) -> None: ...

class MarkMomentRequest(_message.Message):
    __slots__ = ("text", "wall_ns")
    TEXT_FIELD_NUMBER: _ClassVar[int]
    WALL_NS_FIELD_NUMBER: _ClassVar[int]
    text: str
    wall_ns: int
    def __init__(self, text: _Optional[str] = ..., wall_ns: _Optional[int] = ...) -> None: ...

class SavedAlertRule(_message.Message):
    __slots__ = ("id",)
    ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    def __init__(self, id: _Optional[str] = ...) -> None: ...

class RemoveAlertRuleRequest(_message.Message):
    __slots__ = ("id",)
    ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    def __init__(self, id: _Optional[str] = ...) -> None: ...

class TryAlertRuleRequest(_message.Message):
    __slots__ = ("rule", "from_ns")
    RULE_FIELD_NUMBER: _ClassVar[int]
    FROM_NS_FIELD_NUMBER: _ClassVar[int]
    rule: AlertRule
    from_ns: int
    def __init__(self, rule: _Optional[_Union[AlertRule, _Mapping]] = ..., from_ns: _Optional[int] = ...) -> None: ...

class Firing(_message.Message):
    __slots__ = ("from_ns", "to_ns")
    FROM_NS_FIELD_NUMBER: _ClassVar[int]
    TO_NS_FIELD_NUMBER: _ClassVar[int]
    from_ns: int
    to_ns: int
    def __init__(self, from_ns: _Optional[int] = ..., to_ns: _Optional[int] = ...) -> None: ...

class AlertRuleTrial(_message.Message):
    __slots__ = ("firings",)
    FIRINGS_FIELD_NUMBER: _ClassVar[int]
    firings: _containers.RepeatedCompositeFieldContainer[Firing]
    def __init__(self, firings: _Optional[_Iterable[_Union[Firing, _Mapping]]] = ...) -> None: ...

class ExportMonitoringRequest(_message.Message):
    __slots__ = ("kind",)
    KIND_FIELD_NUMBER: _ClassVar[int]
    kind: str
    def __init__(self, kind: _Optional[str] = ...) -> None: ...

class ExportedText(_message.Message):
    __slots__ = ("name", "text")
    NAME_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    name: str
    text: str
    def __init__(self, name: _Optional[str] = ..., text: _Optional[str] = ...) -> None: ...
