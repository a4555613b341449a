using NpgsqlTypes;

namespace AssetCompute.Client.PostgreSql;

/// <summary>
/// Completes the events of all workers of a process. What arrives while a statement runs goes with the next one, so that many completions share one round trip and one write to the disk.
/// </summary>
internal sealed class CompletionQueue(InboxDatabase database, InboxStatements statements)
{
    private const int MaxBatch = 500;

    private readonly Lock _gate = new();
    private readonly List<Completion> _waiting = [];
    private Task _running = Task.CompletedTask;

    /// <returns>False where the event is not the caller's any more.</returns>
    public Task<bool> CompleteAsync(string id, Guid receipt, CancellationToken cancellationToken)
    {
        Completion completion = new(id, receipt);
        lock (_gate)
        {
            _waiting.Add(completion);
            if (_running.IsCompleted)
            {
                // A batch belongs to no caller: their traces end before it does.
                using AsyncFlowControl? none = ExecutionContext.IsFlowSuppressed() ? null : ExecutionContext.SuppressFlow();
                _running = Task.Run(RunAsync, CancellationToken.None);
            }
        }

        // A caller that gives up leaves its completion to the batch: to complete an event twice is harmless.
        return completion.Done.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Waits for what is under way.</summary>
    public Task EndAsync()
    {
        lock (_gate)
        {
            return _running;
        }
    }

    private async Task RunAsync()
    {
        while (true)
        {
            Completion[] batch;
            lock (_gate)
            {
                batch = [.. _waiting.Take(MaxBatch)];
                _waiting.RemoveRange(0, batch.Length);
                if (batch.Length == 0)
                {
                    _running = Task.CompletedTask;
                    return;
                }
            }

            try
            {
                List<Guid> completed = await database.QueryAsync(
                    statements.CompleteMany,
                    parameters =>
                    {
                        parameters.Add(Parameter.Of(Array.ConvertAll(batch, static completion => completion.Id), NpgsqlDbType.Array | NpgsqlDbType.Text));
                        parameters.Add(Parameter.Of(Array.ConvertAll(batch, static completion => completion.Receipt), NpgsqlDbType.Array | NpgsqlDbType.Uuid));
                    },
                    static (reader, token) => InboxRows.ReadAsync(reader, static row => row.GetGuid(0), token),
                    CancellationToken.None).ConfigureAwait(false);
                HashSet<Guid> receipts = [.. completed];
                foreach (Completion completion in batch)
                {
                    completion.Done.SetResult(receipts.Contains(completion.Receipt));
                }
            }
            catch (Exception exception)
            {
                // Each caller learns it, and tries again. It is observed here for those that gave up.
                foreach (Completion completion in batch)
                {
                    completion.Done.TrySetException(exception);
                    _ = completion.Done.Task.Exception;
                }
            }
        }
    }

    private sealed record Completion(string Id, Guid Receipt)
    {
        public TaskCompletionSource<bool> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
