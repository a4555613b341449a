namespace AssetCompute.Client.IntegrationTests.Docs;

/// <summary>Represents the reader's code in docs/testing.md.</summary>
public sealed class ThumbnailPublisher(IRenditionJobs jobs)
{
    public async Task<bool> PublishAsync(Uri photo, Uri thumbnail, CancellationToken cancellationToken)
    {
        RenditionJobResult result = await jobs.RunAsync(
            new ProcessRequest
            {
                Source = photo,
                Renditions = [new Rendition { Name = "thumbnail.png", Format = RenditionFormat.Png, Width = 140, Target = thumbnail }],
            },
            cancellationToken: cancellationToken);
        return result.Succeeded;
    }
}
