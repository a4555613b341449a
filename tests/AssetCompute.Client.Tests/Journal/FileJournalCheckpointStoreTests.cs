namespace AssetCompute.Client.Tests.Journal;

public sealed class FileJournalCheckpointStoreTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("checkpoints-");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Load_NothingSaved_IsNull()
    {
        using FileJournalCheckpointStore store = new(_folder.FullName);

        Assert.Null(await store.LoadAsync("a", Cancel));
    }

    [Fact]
    public async Task Load_InTheNextProcess_IsWhatWasSavedLast()
    {
        using (FileJournalCheckpointStore first = new(_folder.FullName))
        {
            await first.SaveAsync("a", JournalPosition.After("cat:1"), Cancel);
            await first.SaveAsync("a", JournalPosition.After("cat:2"), Cancel);
            await first.SaveAsync("b", JournalPosition.Latest, Cancel);
        }

        using FileJournalCheckpointStore second = new(_folder.FullName);
        Assert.Equal(JournalPosition.After("cat:2"), await second.LoadAsync("a", Cancel));
        Assert.Equal(JournalPosition.Latest, await second.LoadAsync("b", Cancel));
    }

    [Fact]
    public async Task Load_WhileAnotherHoldsTheName_SaysSo()
    {
        using FileJournalCheckpointStore first = new(_folder.FullName);
        await first.LoadAsync("a", Cancel);
        using FileJournalCheckpointStore second = new(_folder.FullName);

        JournalCheckpointException exception = await Assert.ThrowsAsync<JournalCheckpointException>(async () => await second.SaveAsync("a", JournalPosition.Latest, Cancel));

        Assert.Contains("Another process", exception.Message, StringComparison.Ordinal);
        await second.SaveAsync("b", JournalPosition.Latest, Cancel);
    }

    [Fact]
    public async Task Load_AfterATornWrite_IsTheOldPosition()
    {
        using (FileJournalCheckpointStore first = new(_folder.FullName))
        {
            await first.SaveAsync("a", JournalPosition.After("cat:1"), Cancel);
        }

        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "a.checkpoint.next"), "after:cat", Cancel);

        using FileJournalCheckpointStore second = new(_folder.FullName);
        Assert.Equal(JournalPosition.After("cat:1"), await second.LoadAsync("a", Cancel));
        await second.SaveAsync("a", JournalPosition.After("cat:2"), Cancel);
        Assert.Equal(JournalPosition.After("cat:2"), await second.LoadAsync("a", Cancel));
    }

    [Theory]
    [InlineData("")]
    [InlineData("after:cat:1")]
    [InlineData("rubbish\n")]
    public async Task Load_BrokenFile_NamesIt(string content)
    {
        string path = Path.Combine(_folder.FullName, "a.checkpoint");
        await File.WriteAllTextAsync(path, content, Cancel);
        using FileJournalCheckpointStore store = new(_folder.FullName);

        JournalCheckpointException exception = await Assert.ThrowsAsync<JournalCheckpointException>(async () => await store.LoadAsync("a", Cancel));

        Assert.Contains(path, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Save_DiskFull_SaysSoAndKeepsTheOldPosition()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "Needs a device that is always full.");
        using FileJournalCheckpointStore store = new(_folder.FullName);
        await store.SaveAsync("a", JournalPosition.After("cat:1"), Cancel);
        string next = Path.Combine(_folder.FullName, "a.checkpoint.next");
        File.CreateSymbolicLink(next, "/dev/full");

        JournalCheckpointException exception = await Assert.ThrowsAsync<JournalCheckpointException>(async () => await store.SaveAsync("a", JournalPosition.After("cat:2"), Cancel));

        Assert.Contains("will be handled again", exception.Message, StringComparison.Ordinal);
        Assert.Equal(JournalPosition.After("cat:1"), await store.LoadAsync("a", Cancel));
        File.Delete(next);
        await store.SaveAsync("a", JournalPosition.After("cat:3"), Cancel);
        Assert.Equal(JournalPosition.After("cat:3"), await store.LoadAsync("a", Cancel));
    }

    [Fact]
    public async Task Save_ReadOnlyFolder_SaysSo()
    {
        Assert.SkipUnless(Directory.Exists("/proc/self"), "Needs a file system that nobody can write to.");
        using FileJournalCheckpointStore store = new("/proc/checkpoints");

        JournalCheckpointException exception = await Assert.ThrowsAsync<JournalCheckpointException>(async () => await store.SaveAsync("a", JournalPosition.Latest, Cancel));

        Assert.Contains("/proc/checkpoints", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../a")]
    [InlineData("a/b")]
    [InlineData(".hidden")]
    [InlineData("a b")]
    public async Task Load_NameThatIsNoFileName_IsRefused(string name)
    {
        using FileJournalCheckpointStore store = new(_folder.FullName);

        ArgumentException exception = await Assert.ThrowsAsync<ArgumentException>(async () => await store.LoadAsync(name, Cancel));

        Assert.Equal("name", exception.ParamName);
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
