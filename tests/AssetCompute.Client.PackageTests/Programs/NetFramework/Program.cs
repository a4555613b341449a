using System;
using System.Threading.Tasks;
using AssetCompute.Client;

namespace NetFramework
{
    internal static class Program
    {
        private static async Task Main(string[] args)
        {
            Uri emulator = new("http://127.0.0.1:8080");
            await using AssetComputeClient assetCompute = AssetComputeClient.Create(options => options.UseEmulator(emulator));
            using EmulatorAssetStorage storage = new(emulator);
            AssetRenderer renderer = new(assetCompute.Jobs, storage);
            RenderResult result = await renderer.RenderAsync(args[0], [new FileRendition("small.jpg", new Rendition { Width = 640 })]);
            Console.WriteLine(result.Files[0].Event);
        }
    }
}
