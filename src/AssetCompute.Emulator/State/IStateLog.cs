namespace AssetCompute.Emulator;

/// <summary>Where what must survive a restart is told, before anybody outside is told.</summary>
internal interface IStateLog : IAsyncDisposable
{
    void Registered(Registration registration);

    void Unregistered(Registration registration);

    void Published(Registration registration, JournalRecord record);

    void Accepted(Job job);

    void Finished(Job job);
}
