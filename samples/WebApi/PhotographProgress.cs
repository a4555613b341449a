using AssetCompute.Client;

namespace WebApi;

/// <summary>Publishes the progress in order, which <see cref="Progress{T}"/> does not guarantee.</summary>
internal sealed class PhotographProgress(PhotographJob job) : IProgress<RenderProgress>
{
    public void Report(RenderProgress value)
    {
        string? name = value.Path is null ? null : Path.GetFileName(value.Path);
        if (value.Stage is RenderStage.Uploading or RenderStage.Rendered)
        {
            job.Publish(new PhotographEvent(value.Stage == RenderStage.Uploading ? "uploading" : "rendered", name, value.Bytes, value.TotalBytes));
        }
    }
}
