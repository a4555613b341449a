namespace AssetCompute.Client.Inbox;

/// <summary>What every inbox refuses, in the same words.</summary>
internal static class InboxRefusals
{
    /// <summary>The position that is stored for a checkpoint.</summary>
    /// <exception cref="InboxException">It is none.</exception>
    public static JournalPosition Position(string name, string stored)
    {
        try
        {
            return JournalPosition.Parse(stored);
        }
        catch (FormatException exception)
        {
            throw new InboxException($"What is stored for the checkpoint '{name}' is no position of a journal. To start without it, delete its row.", exception);
        }
    }
}
