using System;
using System.Threading;
using System.Threading.Tasks;
using AssetCompute.Client;

namespace Library;

/// <summary>Compiles against the client's .NET Standard build and runs with the build for the host's framework.</summary>
public static class Thumbnails
{
    public static async Task<RenditionEvent> MakeAsync(Uri endpoint, Uri source, Uri target, CancellationToken cancellationToken)
    {
        await using AssetComputeClient assetCompute = AssetComputeClient.Create(options => options.UseEmulator(endpoint));
        RenditionJobResult result = await assetCompute.Jobs.RunAsync(
            new ProcessRequest
            {
                Source = source,
                Renditions = [new Rendition { Name = "small.jpg", Format = RenditionFormat.Jpg, Width = 640, Target = target }],
            },
            cancellationToken: cancellationToken);
        return result.Renditions[0];
    }
}
