using System.Diagnostics;
using System.Text.Json.Nodes;

namespace AssetCompute.Emulator;

/// <summary>Processes a rendition, from its instructions to its event.</summary>
internal sealed class RenditionRunner(
    RenditionMaker maker, CustomWorkers workers, Uploader uploader, RenditionEvents events, Registrations registrations,
    EmulatorFaults faults, KeptFiles kept, AssetComputeEmulatorOptions options)
{
    public async Task RunAsync(RenditionTask rendition, JobWorkspace workspace)
    {
        var started = Stopwatch.GetTimestamp();
        var cancellationToken = workspace.Stopping;
        RenditionTask[] open = [.. rendition.Companions.Where(companion => companion.IsOpen && !FailsByFault(companion))];
        if (open.Length == 0)
        {
            return;
        }

        try
        {
            await (rendition.Worker is { } worker ? workers.CallAsync(open, worker, cancellationToken) : MakeAsync(rendition, workspace, cancellationToken)).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested && !rendition.Job.IsOpen)
        {
            // The job was aborted, and all its events were written then.
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            var failure = Explain(exception, rendition, Stopwatch.GetElapsedTime(started));
            Array.ForEach(open, failed => Fail(failed, failure, exception.Message));
        }
    }

    /// <summary>Fails the open renditions of a job, even those in progress.</summary>
    public int Abort(Job job)
    {
        var open = job.Renditions.Where(rendition => rendition.IsOpen).ToArray();
        Array.ForEach(open, rendition => Fail(rendition, RenditionFailure.Generic("aborted on the page")));
        return open.Length;
    }

    /// <summary>Fails a rendition if a fault is planned for it.</summary>
    private bool FailsByFault(RenditionTask rendition)
    {
        var fault = faults.TakeRendition(rendition.Names, rendition.Job.SourceNames);
        if (fault is not null)
        {
            Fail(rendition, new RenditionFailure(fault.Reason, fault.Message));
        }

        return fault is not null;
    }

    private void Fail(RenditionTask rendition, RenditionFailure failure, string? problem = null)
    {
        rendition.Problem = problem ?? failure.Message;
        Publish(rendition, RenditionState.Failed, events.Failed(rendition, failure));
    }

    private async Task MakeAsync(RenditionTask rendition, JobWorkspace workspace, CancellationToken cancellationToken)
    {
        var content = await maker.MakeAsync(rendition, workspace, cancellationToken).ConfigureAwait(false);
        rendition.RenderedAt = options.TimeProvider.GetUtcNow();
        string? data = null;
        if (RenditionEvents.IsEmbedded(rendition.Instructions, content.Length))
        {
            data = $"data:{content.ContentType.Replace(" ", "", StringComparison.Ordinal)};base64,{Convert.ToBase64String(await content.ReadAllAsync(cancellationToken).ConfigureAwait(false))}";
        }
        else
        {
            await uploader.UploadAsync(rendition, content, cancellationToken).ConfigureAwait(false);
        }

        rendition.UploadedAt = options.TimeProvider.GetUtcNow();
        using (var file = content.OpenRead())
        {
            await kept.KeepAsync(rendition.Job.Id, $"{rendition.Index}", content.ContentType, file, cancellationToken).ConfigureAwait(false);
        }

        Publish(rendition, RenditionState.Created, await events.CreatedAsync(rendition, content, data, cancellationToken).ConfigureAwait(false));
    }

    private void Publish(RenditionTask rendition, RenditionState state, JsonObject @event)
    {
        var json = JsonText.ToBytes(@event);
        if (rendition.TryEnd(state, json, options.TimeProvider.GetUtcNow()))
        {
            // A client that has unregistered in the meantime has no journal, so its events are discarded.
            registrations.OfClient(rendition.Job.ClientId)?.Append(json);
        }
    }

    private RenditionFailure Explain(Exception exception, RenditionTask rendition, TimeSpan elapsed) => exception switch
    {
        RenditionFailure failure => failure,

        // The worker reads the format from an object that has none, so its message contains "undefined".
        TimeoutException => RenditionFailure.TimedOut(options.Spelling == WireSpelling.Code ? "undefined" : rendition.Format, options.Rendering.TimeLimit, elapsed),

        // Adobe's worker loses the reason of a failed download. The documentation doesn't mention this.
        DownloadException when options.Spelling == WireSpelling.Code => RenditionFailure.Generic("Unknown error", exception),
        _ => RenditionFailure.Generic(exception.Message, exception),
    };
}
