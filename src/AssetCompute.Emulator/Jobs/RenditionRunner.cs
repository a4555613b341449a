using System.Diagnostics;
using System.Text.Json.Nodes;

namespace AssetCompute.Emulator;

/// <summary>Processes a rendition, from its instructions to its event.</summary>
internal sealed class RenditionRunner(
    IReadOnlyList<IRenditionMaker> makers, CustomWorkers workers, Uploader uploader, RenditionEvents events, Registrations registrations,
    EmulatorFaults faults, KeptFiles kept, AssetComputeEmulatorOptions options)
{
    private const string AbortMessage = "aborted on the page";

    public async Task RunAsync(RenditionTask rendition, JobWorkspace workspace, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var open = WithoutFaults(rendition.Companions);
        if (open.Count == 0)
        {
            return;
        }

        try
        {
            await (rendition.Worker is { } worker ? workers.CallAsync(open, worker, cancellationToken) : MakeAsync(rendition, workspace, cancellationToken)).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception exception)
        {
            var failure = Explain(exception, rendition, Stopwatch.GetElapsedTime(started));
            foreach (var failed in open)
            {
                Fail(failed, failure, exception.Message);
            }
        }
    }

    public bool Makes(string format) => makers.Any(maker => maker.Makes(format));

    /// <summary>Fails the open renditions of a job, even those in progress.</summary>
    public int Abort(Job job)
    {
        var open = job.Renditions.Where(rendition => rendition.IsOpen).ToArray();
        Array.ForEach(open, rendition => Fail(rendition, RenditionFailure.Generic(AbortMessage), AbortMessage));
        return open.Length;
    }

    /// <summary>Fails the renditions for which a fault is planned.</summary>
    /// <returns>The other renditions.</returns>
    private List<RenditionTask> WithoutFaults(IEnumerable<RenditionTask> renditions)
    {
        var open = new List<RenditionTask>();
        foreach (var rendition in renditions)
        {
            if (faults.Renditions.Take(rendition.Names, rendition.Job.SourceNames) is { } fault)
            {
                Fail(rendition, new RenditionFailure(fault.Reason, fault.Message), fault.Message);
            }
            else
            {
                open.Add(rendition);
            }
        }

        return open;
    }

    private void Fail(RenditionTask rendition, RenditionFailure failure, string problem)
    {
        rendition.Problem = problem;
        Publish(rendition, RenditionState.Failed, events.Failed(rendition, failure));
    }

    private async Task MakeAsync(RenditionTask rendition, JobWorkspace workspace, CancellationToken cancellationToken)
    {
        var maker = makers.FirstOrDefault(maker => maker.Makes(rendition.Format))
            ?? throw RenditionFailure.FormatUnsupported($"Format {rendition.Format} is not supported.");
        var content = await maker.MakeAsync(rendition, workspace, cancellationToken).ConfigureAwait(false);
        rendition.RenderedAt = options.TimeProvider.GetUtcNow();
        var metadata = await RenditionMetadata.ReadAsync(content, options.Spelling, cancellationToken).ConfigureAwait(false);
        string? data = null;
        if (RenditionEvents.IsEmbedded(rendition.Instructions, content.Length))
        {
            var charset = content.Charset is { } name ? $";charset={name}" : "";
            data = $"data:{content.MediaType}{charset};base64,{Convert.ToBase64String(await content.ReadAllAsync(cancellationToken).ConfigureAwait(false))}";
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

        Publish(rendition, RenditionState.Created, events.Created(rendition, metadata, data));
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
        ProcessTimeoutException timeout => TimedOut(rendition, timeout, elapsed),

        // Adobe's worker loses the reason of a failed download. The documentation doesn't mention this.
        DownloadException download => RenditionFailure.Generic(options.Spelling == WireSpelling.Code ? "Unknown error" : download.Message, download),
        _ => RenditionFailure.Generic(exception.Message, exception),
    };

    /// <summary>The worker reads the format from an object that has none, so its message contains "undefined".</summary>
    private RenditionFailure TimedOut(RenditionTask rendition, ProcessTimeoutException timeout, TimeSpan elapsed)
    {
        var format = options.Spelling == WireSpelling.Code ? "undefined" : rendition.Format;
        return new("GenericError", $"Processing timed out for rendition fmt='{format}' without result after {timeout.TimeLimit.TotalSeconds:0.###} seconds.", timeout)
        {
            Duration = elapsed,
        };
    }
}
