using System.Threading.Channels;

namespace AssetCompute.Client.Journal;

/// <summary>Saves the checkpoint after so many entries or so much time, one save at a time.</summary>
internal sealed class JournalCommitter
{
    private readonly IJournalCheckpointStore _store;
    private readonly string _name;
    private readonly CommitWindow _window;
    private readonly JournalProcessorOptions _options;
    private readonly JournalProcessorState _state;
    private readonly Channel<bool> _due = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly ITimer _interval;
    private int _intervalRuns;
    private Task<Exception?> _saving = Task.FromResult<Exception?>(null);

    public JournalCommitter(
        IJournalCheckpointStore store,
        string name,
        CommitWindow window,
        JournalProcessorOptions options,
        JournalProcessorState state,
        TimeProvider timeProvider)
    {
        _store = store;
        _name = name;
        _window = window;
        _options = options;
        _state = state;
        _interval = timeProvider.CreateTimer(static committer => ((JournalCommitter)committer!).IntervalIsOver(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public ValueTask<JournalPosition?> LoadAsync(CancellationToken cancellationToken) => _store.LoadAsync(_name, cancellationToken);

    /// <summary>Starts saving what becomes due.</summary>
    /// <param name="onFailure">Told when a save has failed; none is tried after it.</param>
    public void Start(Action<Exception> onFailure) => _saving = SaveWhenDueAsync(onFailure);

    /// <summary>Takes note of handled entries.</summary>
    /// <param name="uncommitted">How many could be committed.</param>
    public void Handled(int uncommitted)
    {
        if (uncommitted >= _options.CommitCount)
        {
            _due.Writer.TryWrite(true);
        }
        else if (uncommitted > 0 && Interlocked.Exchange(ref _intervalRuns, 1) == 0)
        {
            _interval.Change(_options.CommitInterval, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Saves what is left, and ends.</summary>
    /// <returns>Why a save has failed; null where none has.</returns>
    public async Task<Exception?> StopAsync()
    {
        await _interval.DisposeAsync().ConfigureAwait(false);
        _due.Writer.TryWrite(true);
        _due.Writer.TryComplete();
        return await _saving.ConfigureAwait(false);
    }

    private void IntervalIsOver()
    {
        Volatile.Write(ref _intervalRuns, 0);
        _due.Writer.TryWrite(true);
    }

    private async Task<Exception?> SaveWhenDueAsync(Action<Exception> onFailure)
    {
        while (await _due.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            _due.Reader.TryRead(out _);
            if (_window.Take() is not { } position)
            {
                continue;
            }

            try
            {
                await _store.SaveAsync(_name, position, CancellationToken.None).ConfigureAwait(false);
                _state.Update(snapshot => snapshot with { Committed = position });
            }
            catch (Exception exception)
            {
                // Whatever the store throws, handling on without checkpoints would only make more to do twice.
                onFailure(exception);
                return exception;
            }
        }

        return null;
    }
}
