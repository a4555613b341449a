using System.Collections.Concurrent;
using System.Diagnostics;
using AssetCompute.Emulator.Rendering;

namespace AssetCompute.Emulator;

/// <summary>
/// The render workers: processes, because native code that reads files of strangers hangs or aborts, and neither a time limit nor an
/// exception within the emulator's own process would help. They start with the first rendition, as many as are needed at once.
/// </summary>
internal sealed class RenderWorkerPool(EmulatorRenderingOptions options) : IAsyncDisposable
{
    private readonly ConcurrentStack<RenderWorkerProcess> _idle = [];

    /// <summary>
    /// Has a rendition made. A worker that dies costs one more attempt, by a fresh worker and within the same time; one that takes too
    /// long is killed, and nothing is tried again.
    /// </summary>
    /// <exception cref="RenditionFailure">The rendition cannot be made.</exception>
    /// <exception cref="ProcessTimeoutException">The time limit was over.</exception>
    public async Task<RenderReply> RenderAsync(RenderRequest request, CancellationToken cancellationToken)
    {
        // Processes live in real time, whatever clock the emulator was given.
        using var deadline = new CancellationTokenSource(options.TimeLimit, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            var (reply, _) = await AskAsync(await TakeAsync().ConfigureAwait(false), request, either.Token).ConfigureAwait(false);
            if (reply is null)
            {
                (reply, var end) = await AskAsync(new(options), request, either.Token).ConfigureAwait(false);
                reply ??= new("GenericError", $"The render worker ended twice while it worked on this rendition ({end}).");
            }

            return reply.Reason is null ? reply : throw new RenditionFailure(reply.Reason, reply.Message ?? "");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ProcessTimeoutException(options.TimeLimit);
        }
    }

    public async ValueTask DisposeAsync()
    {
        while (_idle.TryPop(out var worker))
        {
            await worker.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>An idle worker that still runs, or a new one.</summary>
    private async Task<RenderWorkerProcess> TakeAsync()
    {
        while (_idle.TryPop(out var worker))
        {
            if (worker.IsRunning)
            {
                return worker;
            }

            await worker.DisposeAsync().ConfigureAwait(false);
        }

        return new(options);
    }

    private async Task<(RenderReply? Reply, string? End)> AskAsync(RenderWorkerProcess worker, RenderRequest request, CancellationToken cancellationToken)
    {
        RenderReply? reply = null;
        try
        {
            reply = await worker.AskAsync(request, cancellationToken).ConfigureAwait(false);
            return (reply, reply is null ? await worker.EndAsync().ConfigureAwait(false) : null);
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
