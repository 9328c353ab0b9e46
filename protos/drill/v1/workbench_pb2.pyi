from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Cancelled(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ListFilesRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class SourceFile(_message.Message):
    __slots__ = ("path", "service", "editable", "change")
    PATH_FIELD_NUMBER: _ClassVar[int]
    SERVICE_FIELD_NUMBER: _ClassVar[int]
    EDITABLE_FIELD_NUMBER: _ClassVar[int]
    CHANGE_FIELD_NUMBER: _ClassVar[int]
    path: str
    service: str
    editable: bool
    change: str
    def __init__(self, path: _Optional[str] = ..., service: _Optional[str] = ..., editable: _Optional[bool] = ..., change: _Optional[str] = ...) -> None: ...

class FileList(_message.Message):
    __slots__ = ("files", "deployed_commit", "proposed_commit")
    FILES_FIELD_NUMBER: _ClassVar[int]
    DEPLOYED_COMMIT_FIELD_NUMBER: _ClassVar[int]
    PROPOSED_COMMIT_FIELD_NUMBER: _ClassVar[int]
    files: _containers.RepeatedCompositeFieldContainer[SourceFile]
    deployed_commit: str
    proposed_commit: str
    def __init__(self, files: _Optional[_Iterable[_Union[SourceFile, _Mapping]]] = ..., deployed_commit: _Optional[str] = ..., proposed_commit: _Optional[str] = ...) -> None: ...

class ReadFileRequest(_message.Message):
    __slots__ = ("path", "deployed")
    PATH_FIELD_NUMBER: _ClassVar[int]
    DEPLOYED_FIELD_NUMBER: _ClassVar[int]
    path: str
    deployed: bool
    def __init__(self, path: _Optional[str] = ..., deployed: _Optional[bool] = ...) -> None: ...

class FileText(_message.Message):
    __slots__ = ("path", "text", "version")
    PATH_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    path: str
    text: str
    version: str
    def __init__(self, path: _Optional[str] = ..., text: _Optional[str] = ..., version: _Optional[str] = ...) -> None: ...

class WriteFileRequest(_message.Message):
    __slots__ = ("path", "text", "version")
    PATH_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    path: str
    text: str
    version: str
    def __init__(self, path: _Optional[str] = ..., text: _Optional[str] = ..., version: _Optional[str] = ...) -> None: ...

class RevertFileRequest(_message.Message):
    __slots__ = ("path",)
    PATH_FIELD_NUMBER: _ClassVar[int]
    path: str
    def __init__(self, path: _Optional[str] = ...) -> None: ...

class DiffRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class Diff(_message.Message):
    __slots__ = ("text", "files", "added", "removed")
    TEXT_FIELD_NUMBER: _ClassVar[int]
    FILES_FIELD_NUMBER: _ClassVar[int]
    ADDED_FIELD_NUMBER: _ClassVar[int]
    REMOVED_FIELD_NUMBER: _ClassVar[int]
    text: str
    files: int
    added: int
    removed: int
    def __init__(self, text: _Optional[str] = ..., files: _Optional[int] = ..., added: _Optional[int] = ..., removed: _Optional[int] = ...) -> None: ...

class ProposeRequest(_message.Message):
    __slots__ = ("title",)
    TITLE_FIELD_NUMBER: _ClassVar[int]
    title: str
    def __init__(self, title: _Optional[str] = ...) -> None: ...

class Proposal(_message.Message):
    __slots__ = ("commit", "title", "files", "added", "removed")
    COMMIT_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    FILES_FIELD_NUMBER: _ClassVar[int]
    ADDED_FIELD_NUMBER: _ClassVar[int]
    REMOVED_FIELD_NUMBER: _ClassVar[int]
    commit: str
    title: str
    files: int
    added: int
    removed: int
    def __init__(self, commit: _Optional[str] = ..., title: _Optional[str] = ..., files: _Optional[int] = ..., added: _Optional[int] = ..., removed: _Optional[int] = ...) -> None: ...

class DeployRequest(_message.Message):
    __slots__ = ("commit",)
    COMMIT_FIELD_NUMBER: _ClassVar[int]
    commit: str
    def __init__(self, commit: _Optional[str] = ...) -> None: ...

class DeployReply(_message.Message):
    __slots__ = ("running", "service", "traceback", "file", "line", "reason")
    RUNNING_FIELD_NUMBER: _ClassVar[int]
    SERVICE_FIELD_NUMBER: _ClassVar[int]
    TRACEBACK_FIELD_NUMBER: _ClassVar[int]
    FILE_FIELD_NUMBER: _ClassVar[int]
    LINE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    running: bool
    service: str
    traceback: str
    file: str
    line: int
    reason: str
    def __init__(self, running: _Optional[bool] = ..., service: _Optional[str] = ..., traceback: _Optional[str] = ..., file: _Optional[str] = ..., line: _Optional[int] = ..., reason: _Optional[str] = ...) -> None: ...

class VerifyRequest(_message.Message):
    __slots__ = ("commit", "scenario")
    COMMIT_FIELD_NUMBER: _ClassVar[int]
    SCENARIO_FIELD_NUMBER: _ClassVar[int]
    commit: str
    scenario: str
    def __init__(self, commit: _Optional[str] = ..., scenario: _Optional[str] = ...) -> None: ...

class VerifyReply(_message.Message):
    __slots__ = ("ids",)
    IDS_FIELD_NUMBER: _ClassVar[int]
    ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, ids: _Optional[_Iterable[str]] = ...) -> None: ...

class StacksRequest(_message.Message):
    __slots__ = ("service",)
    SERVICE_FIELD_NUMBER: _ClassVar[int]
    service: str
    def __init__(self, service: _Optional[str] = ...) -> None: ...

class Stacks(_message.Message):
    __slots__ = ("service", "wall_ns", "groups")
    SERVICE_FIELD_NUMBER: _ClassVar[int]
    WALL_NS_FIELD_NUMBER: _ClassVar[int]
    GROUPS_FIELD_NUMBER: _ClassVar[int]
    service: str
    wall_ns: int
    groups: _containers.RepeatedCompositeFieldContainer[StackGroup]
    def __init__(self, service: _Optional[str] = ..., wall_ns: _Optional[int] = ..., groups: _Optional[_Iterable[_Union[StackGroup, _Mapping]]] = ...) -> None: ...

class StackGroup(_message.Message):
    __slots__ = ("waits_for", "threads", "frames")
    WAITS_FOR_FIELD_NUMBER: _ClassVar[int]
    THREADS_FIELD_NUMBER: _ClassVar[int]
    FRAMES_FIELD_NUMBER: _ClassVar[int]
    waits_for: str
    threads: _containers.RepeatedScalarFieldContainer[str]
    frames: _containers.RepeatedCompositeFieldContainer[StackFrame]
    def __init__(self, waits_for: _Optional[str] = ..., threads: _Optional[_Iterable[str]] = ..., frames: _Optional[_Iterable[_Union[StackFrame, _Mapping]]] = ...) -> None: ...

class StackFrame(_message.Message):
    __slots__ = ("file", "line", "function", "text", "own")
    FILE_FIELD_NUMBER: _ClassVar[int]
    LINE_FIELD_NUMBER: _ClassVar[int]
    FUNCTION_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    OWN_FIELD_NUMBER: _ClassVar[int]
    file: str
    line: int
    function: str
    text: str
    own: bool
    def __init__(self, file: _Optional[str] = ..., line: _Optional[int] = ..., function: _Optional[str] = ..., text: _Optional[str] = ..., own: _Optional[bool] = ...) -> None: ...

class CancelVerificationRequest(_message.Message):
    __slots__ = ("id",)
    ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    def __init__(self, id: _Optional[str] = ...) -> None: ...
