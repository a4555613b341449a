using AssetCompute.Client.IntegrationTests.Samples;
using AssetCompute.Emulator;

namespace AssetCompute.Client.IntegrationTests.Docs;

public sealed partial class DocumentedRequests
{
    /// <summary>The renditions of the photograph, as files.</summary>
    private sealed class RenderedFolder : IDisposable
    {
        private readonly TemporaryFolder _folder = new();

        private RenderedFolder()
        {
        }

        public static async Task<RenderedFolder> OfAsync(Rendition[] renditions)
        {
            CancellationToken cancellationToken = TestContext.Current.CancellationToken;
            await using EmulatedAccount account = await EmulatedAccount.StartAsync();
            EmulatorStorage storage = account.Emulator.Storage;
            await storage.PutAsync("photo.jpg", await System.IO.File.ReadAllBytesAsync(s_photo, cancellationToken), "image/jpeg", cancellationToken);
            RenditionJobResult result = await account.Client.Jobs.RunAsync(
                new ProcessRequest
                {
                    Source = storage.CreateReadUrl("photo.jpg"),
                    Renditions = [.. renditions.Select(rendition => rendition with { Target = storage.CreateWriteUrl(rendition.Name!) })],
                },
                cancellationToken);
            Assert.All(result.Renditions, rendition => Assert.IsType<RenditionCreated>(rendition));
            RenderedFolder rendered = new();
            foreach (Rendition rendition in renditions)
            {
                EmulatorBlob? blob = await storage.GetAsync(rendition.Name!, cancellationToken);
                await System.IO.File.WriteAllBytesAsync(rendered.File(rendition.Name!), blob!.Content.ToArray(), cancellationToken);
            }

            return rendered;
        }

        public string File(string name) => _folder.File(name);

        public long SizeOf(string name) => new FileInfo(File(name)).Length;

        public Task<string> IdentifyAsync(string name, string format = "%m %w %h") => SampleProgram.IdentifyAsync(File(name), format);

        public void SavePictures(params string[] names)
        {
            Directory.CreateDirectory(s_pictures);
            foreach (string name in names)
            {
                System.IO.File.Copy(File(name), Path.Combine(s_pictures, name), overwrite: true);
            }
        }

        /// <summary>What a browser shows when a third of a file has come.</summary>
        public async Task SaveBeginningAsync(string name, string picture)
        {
            byte[] whole = await System.IO.File.ReadAllBytesAsync(File(name));
            await System.IO.File.WriteAllBytesAsync(File("beginning.jpg"), whole[..(whole.Length / 3)]);
            await SampleProgram.ConvertAsync(File("beginning.jpg"), Path.Combine(s_pictures, picture));
        }

        public void Dispose() => _folder.Dispose();
    }
}
