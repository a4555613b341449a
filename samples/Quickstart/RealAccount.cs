using AssetCompute.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Quickstart;

/// <summary>Makes a rendition with a real account and stores it in your own storage. The README contains this code, and a test compares the two.</summary>
internal static class RealAccount
{
    public static async Task<bool> RunAsync(Uri source, Uri target, CancellationToken cancellationToken)
    {
        // <readme>
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Services.AddAssetCompute(builder.Configuration.GetSection("AssetCompute"));
        using IHost host = builder.Build();
        IRenditionJobs jobs = host.Services.GetRequiredService<IRenditionJobs>();

        RenditionJobResult result = await jobs.RunAsync(new ProcessRequest
        {
            Source = source, // a pre-signed GET URL of your storage; the target is a pre-signed PUT URL
            Renditions = [new Rendition { Name = "web.jpg", Format = RenditionFormat.Jpg, Width = 1280, Quality = 85, Target = target }],
        }, cancellationToken: cancellationToken);

        foreach (RenditionEvent rendition in result.Renditions)
        {
            Console.WriteLine(rendition switch
            {
                RenditionCreated created => $"{created.Rendition.Name}: {created.Metadata.ImageWidth}×{created.Metadata.ImageHeight}, {created.Metadata.Size} bytes",
                RenditionFailed failed => $"{failed.Rendition.Name}: {failed.Reason}, {failed.Message}",
                _ => rendition.ToString(),
            });
        }
        // </readme>

        return result.Succeeded;
    }
}
