namespace AssetCompute.Emulator.Tests;

public sealed class JoinTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Parts_become_one_blob_which_may_have_the_name_of_one_of_them(bool inFolder)
    {
        using var folder = new TempFolder();
        await using var emulator = await AssetComputeEmulator.StartAsync(options => options.DataFolder = inFolder ? folder["data"] : null, Cancellation);
        await emulator.Storage.PutAsync("a", "one"u8.ToArray(), "text/plain", Cancellation);
        await emulator.Storage.PutAsync("b", "two"u8.ToArray(), "text/html", Cancellation);
        await emulator.Storage.PutAsync("d", "behind the gap"u8.ToArray(), cancellationToken: Cancellation);

        var size = await emulator.Storage.JoinAsync("b", ["a", "b", "c", "d"], cancellationToken: Cancellation);

        var joined = await emulator.Storage.GetAsync("b", Cancellation);
        Assert.Equal(6, size);
        Assert.Equal("onetwo"u8.ToArray(), joined!.Content.ToArray());
        Assert.Equal("text/plain", joined.ContentType);
        Assert.Equal(["b"], emulator.Storage.Names);
        Assert.Equal(0, await emulator.Storage.JoinAsync("e", ["c"], cancellationToken: Cancellation));
    }
}
