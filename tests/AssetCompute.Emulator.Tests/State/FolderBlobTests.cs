using System.Net;
using System.Text;

namespace AssetCompute.Emulator.Tests;

/// <summary>Blobs and originals that are stored in files.</summary>
public sealed class FolderBlobTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Replaced_and_removed_blobs_leave_nothing_behind()
    {
        using var folder = new TempFolder();
        await using var emulator = await StartAsync(folder);
        for (var i = 0; i < 5; i++)
        {
            await emulator.Storage.PutAsync("x", Encoding.UTF8.GetBytes($"{i}"), cancellationToken: Cancellation);
        }

        Assert.Equal("4"u8.ToArray(), (await emulator.Storage.GetAsync("x", Cancellation))!.Content.ToArray());
        Assert.Equal(2, Directory.GetFiles(Path.Combine(folder["data"], "blobs")).Length);
        Assert.True(emulator.Storage.Remove("x"));
        Assert.Empty(Directory.GetFiles(Path.Combine(folder["data"], "blobs")));
        Assert.Null(await emulator.Storage.GetAsync("x", Cancellation));
    }

    [Fact]
    public async Task Blob_that_many_write_at_once_is_the_same_after_a_restart()
    {
        using var folder = new TempFolder();
        for (var round = 0; round < 10; round++)
        {
            byte[] last;
            await using (var first = await StartAsync(folder))
            {
                await Parallel.ForEachAsync(
                    Enumerable.Range(0, 40),
                    new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Cancellation },
                    async (i, token) =>
                    {
                        if (i % 10 == 9)
                        {
                            first.Storage.Remove("x");
                        }

                        await first.Storage.PutAsync("x", Encoding.UTF8.GetBytes($"{i}"), cancellationToken: token);
                    });
                last = (await first.Storage.GetAsync("x", Cancellation))!.Content.ToArray();
            }

            Assert.Equal(2, Directory.GetFiles(Path.Combine(folder["data"], "blobs")).Length);
            await using var second = await StartAsync(folder);
            Assert.Equal(last, (await second.Storage.GetAsync("x", Cancellation))!.Content.ToArray());
        }
    }

    [Fact]
    public async Task Blob_that_is_replaced_all_the_time_is_never_missing()
    {
        using var folder = new TempFolder();
        await using var emulator = await StartAsync(folder);
        await emulator.Storage.PutAsync("x", new byte[10], cancellationToken: Cancellation);
        var writing = Task.Run(
            async () =>
            {
                for (var i = 0; i < 300; i++)
                {
                    await emulator.Storage.PutAsync("x", new byte[10], cancellationToken: Cancellation);
                }
            },
            Cancellation);

        while (!writing.IsCompleted)
        {
            Assert.NotNull(await emulator.Storage.GetAsync("x", Cancellation));
        }

        await writing;
    }

    [Fact]
    public async Task Original_whose_file_was_taken_away_is_not_found()
    {
        using var folder = new TempFolder();
        await using var emulator = await StartAsync(folder);
        using var client = await AemAuthorTests.SignedInAsync(emulator);
        await emulator.Aem.AddAssetAsync("/content/dam/x.png", new byte[10], cancellationToken: Cancellation);
        File.Delete(Directory.GetFiles(Path.Combine(folder["data"], "aem"), "*.blob").Single());

        using var response = await client.SendAsync(HttpMethod.Get, "/content/dam/x.png").WaitAsync(ServiceClient.Patience, Cancellation);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task Asset_that_could_not_be_added_leaves_nothing_behind()
    {
        using var folder = new TempFolder();
        await using var emulator = await StartAsync(folder);

        await Assert.ThrowsAnyAsync<ArgumentException>(() => emulator.Aem.AddAssetAsync("/content/dam/x.png", new byte[10], metadata: new() { ["no number"] = double.NaN }, cancellationToken: Cancellation));

        Assert.Empty(emulator.Aem.Assets);
        Assert.Empty(Directory.GetFiles(Path.Combine(folder["data"], "aem")));
    }

    private static Task<AssetComputeEmulator> StartAsync(TempFolder folder) =>
        AssetComputeEmulator.StartAsync(options => options.DataFolder = folder["data"], Cancellation);
}
