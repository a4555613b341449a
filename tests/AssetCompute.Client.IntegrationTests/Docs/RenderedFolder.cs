using AssetCompute.Client.IntegrationTests.Samples;
using AssetCompute.Emulator;

namespace AssetCompute.Client.IntegrationTests.Docs;

/// <summary>The renditions of the Quickstart's photograph, as files.</summary>
internal sealed class RenderedFolder : IDisposable
{
    private static readonly string s_photo = Path.Combine(SampleProgram.Root, "samples", "Quickstart", "photos", "picos-de-europa.jpg");

    private readonly TemporaryFolder _folder = new();

    private RenderedFolder()
    {
    }

    public static async Task<RenderedFolder> OfAsync(params IReadOnlyList<Rendition> renditions)
    {
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        await using EmulatedAccount account = await EmulatedAccount.StartAsync();
        EmulatorStorage storage = account.Emulator.Storage;
        await storage.PutAsync("photo.jpg", await PhotographAsync(), "image/jpeg", cancellationToken);
        RenditionJobResult result = await account.Client.Jobs.RunAsync(
            new ProcessRequest
            {
                Source = storage.CreateReadUrl("photo.jpg"),
                Renditions = [.. renditions.Select(rendition => rendition with { Target = storage.CreateWriteUrl(rendition.Name!) })],
            },
            cancellationToken: cancellationToken);
        Assert.All(result.Renditions, rendition => Assert.IsType<RenditionCreated>(rendition));
        RenderedFolder rendered = new();
        foreach (Rendition rendition in renditions)
        {
            EmulatorBlob? blob = await storage.GetAsync(rendition.Name!, cancellationToken);
            await System.IO.File.WriteAllBytesAsync(rendered.File(rendition.Name!), blob!.Content.ToArray(), cancellationToken);
        }

        return rendered;
    }

    public static Task<byte[]> PhotographAsync() => System.IO.File.ReadAllBytesAsync(s_photo, TestContext.Current.CancellationToken);

    public string File(string name) => _folder.File(name);

    public Task<string> IdentifyAsync(string format, params string[] names) => SampleProgram.IdentifyAsync(format, names.Select(File));

    /// <summary>Creates the picture that a browser shows after it receives a third of a file.</summary>
    public async Task MakeBeginningAsync(string name, string picture)
    {
        byte[] whole = await System.IO.File.ReadAllBytesAsync(File(name), TestContext.Current.CancellationToken);
        await System.IO.File.WriteAllBytesAsync(File("beginning.jpg"), whole[..(whole.Length / 3)], TestContext.Current.CancellationToken);
        await SampleProgram.ConvertAsync(File("beginning.jpg"), File(picture));
    }

    public void Dispose() => _folder.Dispose();
}
