namespace AssetCompute.Emulator;

/// <summary>The journal's faults in a script; what is not named stays as it is.</summary>
internal sealed record ScriptedJournal
{
    public double? ReadyAfterSeconds { get; set; }

    public int? StatusUntilReady { get; set; }

    public bool? LoseEventsUntilReady { get; set; }

    public string? ExpireBefore { get; set; }

    public double? DuplicateShare { get; set; }

    public double? ReorderShare { get; set; }

    public double? RepeatPageShare { get; set; }

    public int? MaxPageEvents { get; set; }

    public int? Seed { get; set; }

    public void ApplyTo(EmulatorJournalFaults faults)
    {
        faults.ReadyAfter = FaultScript.Seconds(ReadyAfterSeconds) ?? faults.ReadyAfter;
        faults.StatusUntilReady = StatusUntilReady ?? faults.StatusUntilReady;
        faults.LoseEventsUntilReady = LoseEventsUntilReady ?? faults.LoseEventsUntilReady;
        faults.ExpireBefore = ExpireBefore ?? faults.ExpireBefore;
        faults.DuplicateShare = DuplicateShare ?? faults.DuplicateShare;
        faults.ReorderShare = ReorderShare ?? faults.ReorderShare;
        faults.RepeatPageShare = RepeatPageShare ?? faults.RepeatPageShare;
        faults.MaxPageEvents = MaxPageEvents ?? faults.MaxPageEvents;
        if (Seed is { } seed)
        {
            faults.Seed(seed);
        }
    }
}
