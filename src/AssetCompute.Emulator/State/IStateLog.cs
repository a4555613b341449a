using System.Text.Json.Nodes;

namespace AssetCompute.Emulator;

/// <summary>Where what must survive a restart is told, before anybody outside is told.</summary>
internal interface IStateLog : IAsyncDisposable
{
    void Registered(Registration registration);

    void Unregistered(Registration registration);

    void Published(Registration registration, JournalRecord record);

    void Accepted(Job job);

    void Finished(Job job);

    /// <summary>A registration for the events of AEM, in the place of an earlier one with the same journal.</summary>
    void Subscribed(JsonObject registration);

    void Unsubscribed(Guid journalId);

    /// <summary>An asset, in the place of an earlier one at the same path.</summary>
    void AssetSaved(JsonObject asset);

    void AssetDeleted(string path);

    void TokensRevoked(TokenRevocation revocation);
}
