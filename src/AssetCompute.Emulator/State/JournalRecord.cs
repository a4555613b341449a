namespace AssetCompute.Emulator;

/// <summary>One event in a journal: its number, when it appears, and its JSON.</summary>
internal sealed record JournalRecord(long Sequence, string Position, DateTimeOffset Time, byte[] Event)
{
    /// <summary>When a reader got it for the first time.</summary>
    public DateTimeOffset? FirstReadAt { get; set; }

    /// <summary>The bytes that the event takes in a page, without the comma.</summary>
    public int PageLength => """{"position":"","event":}""".Length + Position.Length + Event.Length;
}
