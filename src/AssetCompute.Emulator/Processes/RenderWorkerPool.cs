using System.Collections.Concurrent;

namespace AssetCompute.Emulator;

/// <summary>
/// The render workers. They are separate processes, because native code that reads untrusted files can hang or abort, and neither a time limit nor an
/// exception inside the emulator's process would help. They start with the first rendition, as many as are needed at once.
/// </summary>
internal sealed class RenderWorkerPool(EmulatorRenderingOptions options) : IAsyncDisposable
{
    private readonly ConcurrentStack<RenderWorkerProcess> _idle = [];

    /// <summary>
    /// Makes a rendition. If a worker dies, a new worker makes one more attempt within the same time limit. A worker that exceeds the limit is killed, without
    /// another attempt.
    /// </summary>
    /// <exception cref="RenditionFailure">The rendition cannot be made.</exception>
    /// <exception cref="TimeoutException">The time limit was exceeded.</exception>
    public async Task<RenderReply> RenderAsync(RenderRequest request, CancellationToken cancellationToken)
    {
        // Processes run in real time, regardless of the emulator's clock.
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(options.TimeLimit);
        try
        {
            var reply = await AskAsync(await NextAsync().ConfigureAwait(false), request, deadline.Token).ConfigureAwait(false);
            if (reply is null)
            {
                var fresh = new RenderWorkerProcess(options);
                reply = await AskAsync(fresh, request, deadline.Token).ConfigureAwait(false)
                    ?? new("GenericError", $"The render worker ended twice while it worked on this rendition ({fresh.End}).");
            }

            return reply.Reason is null ? reply : throw new RenditionFailure(reply.Reason, reply.Message ?? "");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"The render worker was killed after {options.TimeLimit.TotalSeconds:0.###} seconds.");
        }
    }

    /// <summary>Reads the size of an image in pixels and the metadata embedded in it, without decoding the pixels; null if it cannot be read.</summary>
    public async Task<RenderReply?> InspectAsync(string path, string coder, CancellationToken cancellationToken)
    {
        try
        {
            return await RenderAsync(new() { Input = path, InputFormat = coder, Output = "", IsForMetadata = true }, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is RenditionFailure or TimeoutException)
        {
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        while (_idle.TryPop(out var worker))
        {
            await worker.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Returns an idle worker, or a new one. A worker that ended while it was idle must not cost a rendition its second attempt.</summary>
    private async ValueTask<RenderWorkerProcess> NextAsync()
    {
        while (_idle.TryPop(out var idle))
        {
            if (idle.IsRunning)
            {
                return idle;
            }

            await idle.DisposeAsync().ConfigureAwait(false);
        }

        return new(options);
    }

    private async Task<RenderReply?> AskAsync(RenderWorkerProcess worker, RenderRequest request, CancellationToken cancellationToken)
    {
        RenderReply? reply = null;
        try
        {
            return reply = await worker.AskAsync(request, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (reply is null)
            {
                await worker.DisposeAsync().ConfigureAwait(false);
            }
            else
            {
                _idle.Push(worker);
            }
        }
    }
}
