using System.Text.Json.Nodes;

namespace AssetCompute.Emulator;

/// <summary>Without a data folder, nothing survives.</summary>
internal sealed class NoStateLog : IStateLog
{
    public void Registered(Registration registration)
    {
    }

    public void Unregistered(Registration registration)
    {
    }

    public void Published(Registration registration, JournalRecord record)
    {
    }

    public void Accepted(Job job)
    {
    }

    public void Finished(Job job)
    {
    }

    public void Subscribed(JsonObject registration)
    {
    }

    public void Unsubscribed(Guid journalId)
    {
    }

    public void AssetSaved(JsonObject asset)
    {
    }

    public void AssetDeleted(string path)
    {
    }

    public void TokensRevoked(TokenRevocation revocation)
    {
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
