using System.Collections.Concurrent;
using System.Diagnostics;
using AssetCompute.Emulator.Rendering;

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
    /// <exception cref="ProcessTimeoutException">The time limit was exceeded.</exception>
    public async Task<RenderReply> RenderAsync(RenderRequest request, CancellationToken cancellationToken)
    {
        // Processes run in real time, regardless of the emulator's clock.
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

    /// <summary>Returns an idle worker that is still running, or a new one.</summary>
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
