using System.Threading.Channels;

namespace AssetCompute.Client.Journal;

/// <summary>Saves the checkpoint after so many entries or so much time, one save at a time.</summary>
internal sealed class JournalCommitter
{
    private readonly IJournalCheckpointStore _store;
    private readonly string _name;
    private readonly CommitWindow _window;
    private readonly TimeSpan _commitInterval;
    private readonly JournalProcessorState _state;
    private readonly Channel<bool> _due = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly ITimer _interval;
    private int _intervalRuns;
    private int _intervalIsOver;
    private volatile bool _isStopping;
    private Task<Exception?> _saving = Task.FromResult<Exception?>(null);

    public JournalCommitter(
        IJournalCheckpointStore store,
        string name,
        CommitWindow window,
        TimeSpan commitInterval,
        JournalProcessorState state,
        TimeProvider timeProvider)
    {
        _store = store;
        _name = name;
        _window = window;
        _commitInterval = commitInterval;
        _state = state;
        _interval = timeProvider.CreateTimer(static committer => ((JournalCommitter)committer!).IntervalIsOver(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public ValueTask<JournalPosition?> LoadAsync(CancellationToken cancellationToken) => _store.LoadAsync(_name, cancellationToken);

    /// <summary>Starts saving what becomes due.</summary>
    /// <param name="onFailure">Told when a save has failed; none is tried after it.</param>
    public void Start(Action<Exception> onFailure) => _saving = SaveWhenDueAsync(onFailure);

    /// <summary>Sees to it that what is handled is saved: at once, or when the interval is over.</summary>
    public void Schedule()
    {
        switch (_window.Need)
        {
            case CommitNeed.Now:
                _due.Writer.TryWrite(true);
                break;
            case CommitNeed.Soon when Interlocked.Exchange(ref _intervalRuns, 1) == 0:
                _interval.Change(_commitInterval, Timeout.InfiniteTimeSpan);
                break;
            default:
                break;
        }
    }

    /// <summary>Saves what is left, and ends.</summary>
    /// <returns>Why a save has failed; null where none has.</returns>
    public async Task<Exception?> StopAsync()
    {
        await _interval.DisposeAsync().ConfigureAwait(false);
        _isStopping = true;
        _due.Writer.TryWrite(true);
        _due.Writer.TryComplete();
        return await _saving.ConfigureAwait(false);
    }

    private void IntervalIsOver()
    {
        Volatile.Write(ref _intervalRuns, 0);
        Volatile.Write(ref _intervalIsOver, 1);
        _due.Writer.TryWrite(true);
    }

    private async Task<Exception?> SaveWhenDueAsync(Action<Exception> onFailure)
    {
        while (await _due.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            _due.Reader.TryRead(out _);

            // A signal may be left over from entries that the save before took: what was handled since is not due by it.
            bool isDue = Interlocked.Exchange(ref _intervalIsOver, 0) == 1 || _isStopping || _window.Need == CommitNeed.Now;
            if (!isDue || _window.Take() is not { } handled)
            {
                continue;
            }

            try
            {
                await _store.SaveAsync(_name, handled.Position, CancellationToken.None).ConfigureAwait(false);
                _state.Update(snapshot => snapshot with { Committed = handled.Position });
                _window.Committed(handled.Count);
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
