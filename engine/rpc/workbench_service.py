"""The contract's `Workbench` service: the team's source, its deploys, and its judgements."""

from __future__ import annotations

import asyncio
from typing import Any

from engine.drill import acts
from engine.drill import events as e
from engine.lab.waits import waits_for
from engine.rpc.gate import who
from engine.runner.engine import Engine
from engine.runner.run import Run
from engine.workspace.records import Change
from protos.drill.v1 import workbench_pb2 as pb
from protos.drill.v1.workbench_pb2_grpc import WorkbenchServicer

_LETTERS = {Change.NONE: "", Change.MODIFIED: "M", Change.ADDED: "A", Change.DELETED: "D"}


class WorkbenchService(WorkbenchServicer):
    """Answers for the run that the engine has open."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._deploying = asyncio.Lock()

    @property
    def _run(self) -> Run:
        return self._engine.run

    async def ListFiles(self, request: pb.ListFilesRequest, context: Any) -> pb.FileList:
        workspace = self._run.workspace
        return pb.FileList(
            files=[
                pb.SourceFile(
                    path=file.path, service=file.service, editable=file.editable, change=_LETTERS[file.change]
                )
                for file in workspace.files()
            ],
            deployed_commit=workspace.deployed,
            proposed_commit=workspace.proposed,
        )

    async def ReadFile(self, request: pb.ReadFileRequest, context: Any) -> pb.FileText:
        workspace = self._run.workspace
        text = workspace.read(request.path, request.deployed)
        version = "" if request.deployed else workspace.version(request.path)
        return pb.FileText(path=request.path, text=text, version=version)

    async def WriteFile(self, request: pb.WriteFileRequest, context: Any) -> pb.FileList:
        self._run.workspace.write(request.path, request.text, request.version or None)
        return await self.ListFiles(pb.ListFilesRequest(), context)

    async def RevertFile(self, request: pb.RevertFileRequest, context: Any) -> pb.FileList:
        self._run.workspace.revert(request.path or None)
        return await self.ListFiles(pb.ListFilesRequest(), context)

    async def GetDiff(self, request: pb.DiffRequest, context: Any) -> pb.Diff:
        found = self._run.workspace.difference()
        return pb.Diff(text=found.text, files=len(found.files), added=found.added, removed=found.removed)

    async def Propose(self, request: pb.ProposeRequest, context: Any) -> pb.Proposal:
        proposed = await self._run.propose(request.title, *who())
        return pb.Proposal(
            commit=proposed.commit,
            title=proposed.title,
            files=proposed.files,
            added=proposed.added,
            removed=proposed.removed,
        )

    async def Deploy(self, request: pb.DeployRequest, context: Any) -> pb.DeployReply:
        run = self._run
        async with self._deploying:
            outcome = await run.deploys.deploy(run.world, request.commit, *who())
        if isinstance(outcome, e.FixDeployed):
            return pb.DeployReply(running=True)
        return pb.DeployReply(
            running=False,
            service=outcome.service,
            traceback=outcome.traceback,
            file=outcome.file,
            line=outcome.line,
            reason=outcome.reason,
        )

    async def Verify(self, request: pb.VerifyRequest, context: Any) -> pb.VerifyReply:
        ids = await self._run.judging.ask(request.commit, request.scenario, *who())
        return pb.VerifyReply(ids=ids)

    async def CancelVerification(self, request: pb.CancelVerificationRequest, context: Any) -> pb.Cancelled:
        run = self._run
        await run.recorder.act(lambda state: acts.cancel_verification(state, request.id), *who())
        run.judging.cancel(request.id)
        return pb.Cancelled()

    async def GetStacks(self, request: pb.StacksRequest, context: Any) -> pb.Stacks:
        run = self._run
        groups = await run.stacks(request.service)
        return pb.Stacks(
            service=request.service,
            wall_ns=run.clock.wall_ns(),
            groups=[
                pb.StackGroup(
                    waits_for=waits_for(group.frames),
                    threads=group.threads,
                    frames=[
                        pb.StackFrame(
                            file=frame.file,
                            line=frame.line,
                            function=frame.function,
                            text=frame.text,
                            own=frame.own,
                        )
                        for frame in group.frames
                    ],
                )
                for group in groups
            ],
        )
