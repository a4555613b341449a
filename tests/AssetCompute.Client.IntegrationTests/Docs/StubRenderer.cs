namespace AssetCompute.Client.IntegrationTests.Docs;

/// <summary>A renderer without a service. Each rendition fails for the same reason. Part of docs/testing.md.</summary>
public sealed class StubRenderer(RenditionFailureReason reason) : IAssetRenderer
{
    public Task<RenderResult> RenderAsync(Stream source, string name, IReadOnlyList<FileRendition> renditions, RenderOptions? options = null, CancellationToken cancellationToken = default) =>
        Task.FromResult(new RenderResult { RequestId = "1", Source = name, Files = [.. renditions.Select(Fail)] });

    public Task<RenderResult> RenderAsync(string path, IReadOnlyList<FileRendition> renditions, RenderOptions? options = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public IAsyncEnumerable<RenderResult> RenderManyAsync(IEnumerable<RenderFile> files, RenderManyOptions? options = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    private RenderedFile Fail(FileRendition requested) => new()
    {
        Requested = requested,
        Event = new RenditionFailed { RequestId = "1", Rendition = requested.Rendition, Reason = reason },
    };
}
