using AssetCompute.Client.Storage;
using AssetCompute.Client.Tests.Time;
using Microsoft.Extensions.Logging.Abstractions;

namespace AssetCompute.Client.Tests.Storage;

public sealed class RenditionDownloadTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("asset-compute-download-");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string FilePath => Path.Combine(_folder.FullName, "a.png");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Save_StorageThatFallsSilent_IsOpenedAgain()
    {
        OpenedStorage storage = new(static opened => opened == 0 ? new SilentStream([1, 2]) : new MemoryStream([1, 2, 3]));

        Task saving = SaveAsync(storage, Cancellation);
        await _time.WaitForTimersAsync(cancellationToken: Cancellation).InTimeAsync("the download waits");
        _time.Advance(TimeSpan.FromMinutes(2) - TimeSpan.FromTicks(1));
        Assert.Equal(1, storage.Opened);
        await TurnClockUntilDoneAsync(saving);

        await saving;
        Assert.Equal(2, storage.Opened);
        Assert.Equal([1, 2, 3], await File.ReadAllBytesAsync(FilePath, Cancellation));
    }

    [Fact]
    public async Task Save_StorageThatStaysSilent_FailsAndLeavesNoFile()
    {
        OpenedStorage storage = new(static _ => new SilentStream([]));

        Task saving = SaveAsync(storage, Cancellation);
        await TurnClockUntilDoneAsync(saving);

        Assert.Contains("no data arrived", (await Assert.ThrowsAsync<EndOfStreamException>(() => saving)).Message, StringComparison.Ordinal);
        Assert.Equal(4, storage.Opened);
        Assert.Empty(_folder.EnumerateFiles());
    }

    [Fact]
    public async Task Save_CancelledWhileTheStorageIsSilent_EndsAtOnce()
    {
        using CancellationTokenSource source = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        OpenedStorage storage = new(static _ => new SilentStream([]));

        Task saving = SaveAsync(storage, source.Token);
        await _time.WaitForTimersAsync(cancellationToken: Cancellation).InTimeAsync("the download waits");
        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => saving.InTimeAsync("the download ends"));
        Assert.Equal(1, storage.Opened);
    }

    [Fact]
    public async Task Save_DiskThatTakesItsTime_IsNoSilence()
    {
        OpenedStorage storage = new(static _ => new MemoryStream([1, 2, 3]));
        RenditionDownload download = new(storage, NullLogger.Instance, _time);

        await download.SaveAsync("a", new RenditionCreated(), FilePath, (_, _) => _time.Advance(TimeSpan.FromHours(1)), Cancellation);

        Assert.Equal(1, storage.Opened);
    }

    private Task SaveAsync(OpenedStorage storage, CancellationToken cancellationToken) =>
        new RenditionDownload(storage, NullLogger.Instance, _time).SaveAsync("a", new RenditionCreated(), FilePath, (_, _) => { }, cancellationToken);

    private async Task TurnClockUntilDoneAsync(Task saving)
    {
        while (!saving.IsCompleted)
        {
            await Task.WhenAny(saving, _time.WaitForTimersAsync(cancellationToken: Cancellation)).InTimeAsync("the download ends, or waits for the clock");
            _time.AdvanceToNextTimer();
        }
    }

    /// <summary>Storage for three-byte objects, with streams from the test. It counts the opened objects.</summary>
    private sealed class OpenedStorage(Func<int, Stream> open) : IAssetStorage
    {
        public int Opened { get; private set; }

        public Task<StoredAsset> OpenReadAsync(string name, CancellationToken cancellationToken = default) => Task.FromResult(new StoredAsset(open(Opened++), 3));

        public Task UploadAsync(string name, Stream content, string? contentType = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task DeleteAsync(string name, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task<Uri> CreateReadUrlAsync(string name, TimeSpan? lifetime = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task<StorageTarget> CreateTargetAsync(string name, StorageTargetOptions? options = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();
    }

    /// <summary>A stream that returns some bytes, and then stalls before its end.</summary>
    private sealed class SilentStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            int read = await base.ReadAsync(buffer, cancellationToken);
            if (read == 0)
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            }

            return read;
        }
    }
}
