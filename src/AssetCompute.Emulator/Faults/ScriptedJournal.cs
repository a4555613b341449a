namespace AssetCompute.Emulator;

/// <summary>The journal faults in a script. Settings that are not given stay unchanged.</summary>
internal sealed record ScriptedJournal(
    double? ReadyAfterSeconds = null,
    int? StatusUntilReady = null,
    bool? LoseEventsUntilReady = null,
    string? ExpireBefore = null,
    double? DuplicateShare = null,
    double? ReorderShare = null,
    double? RepeatPageShare = null,
    int? MaxPageEvents = null,
    int? Seed = null) : ScriptedEvents(DuplicateShare, ReorderShare, Seed)
{
    public void ApplyTo(EmulatorJournalFaults faults)
    {
        base.ApplyTo(faults);
        faults.ReadyAfter = FaultScript.Seconds(ReadyAfterSeconds) ?? faults.ReadyAfter;
        faults.StatusUntilReady = StatusUntilReady ?? faults.StatusUntilReady;
        faults.LoseEventsUntilReady = LoseEventsUntilReady ?? faults.LoseEventsUntilReady;
        faults.ExpireBefore = ExpireBefore ?? faults.ExpireBefore;
        faults.RepeatPageShare = RepeatPageShare ?? faults.RepeatPageShare;
        faults.MaxPageEvents = MaxPageEvents ?? faults.MaxPageEvents;
    }
}
