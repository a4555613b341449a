using AssetCompute.Client;

namespace FolderRenditions;

/// <summary>Works through a plan, several photographs at a time.</summary>
internal static class FolderJob
{
    public static Task RunAsync(AssetRenderer renderer, FolderPlan plan, int parallel, FolderSummary summary, Action<Photograph, string?> progress, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(
            plan.Open,
            new ParallelOptions { MaxDegreeOfParallelism = parallel, CancellationToken = cancellationToken },
            async (photograph, cancellation) =>
            {
                RenderResult result;
                try
                {
                    result = await renderer.RenderAsync(photograph.Path, photograph.Missing, cancellationToken: cancellation);
                }
                catch (Exception exception) when (exception is IOException and not AssetStorageException or UnauthorizedAccessException)
                {
                    // A file that cannot be read is no reason to leave the others.
                    summary.Add(photograph, exception);
                    progress(photograph, exception.Message);
                    return;
                }

                summary.Add(photograph, result);
                progress(photograph, result.Files.FirstOrDefault(file => !file.Succeeded) is { } failed ? FolderSummary.WhyOf(failed) : null);
            });
}
