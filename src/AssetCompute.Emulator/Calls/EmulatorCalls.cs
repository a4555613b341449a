using System.Collections;

namespace AssetCompute.Emulator;

/// <summary>The newest calls that the emulator received, in order of arrival. Older ones are only counted. Thread-safe; enumerating returns a snapshot.</summary>
public sealed class EmulatorCalls : IEnumerable<EmulatorCall>
{
    private const long MostBodyBytes = 16L << 20;

    private readonly Lock _gate = new();
    private readonly Queue<EmulatorCall> _withBodies = new();
    private readonly Queue<EmulatorCall> _calls = new();
    private readonly Waiters<EmulatorCall> _waiters;
    private readonly int[] _counts = new int[Enum.GetValues<EmulatorOperation>().Length];
    private readonly int _capacity;
    private long _sequence;
    private long _bodyBytes;

    internal EmulatorCalls(int capacity)
    {
        _capacity = capacity;
        _waiters = new(_gate);
    }

    internal event Action<EmulatorCall?>? Changed;

    /// <summary>The number of calls since the start, or since <see cref="Clear"/>.</summary>
    internal long Total => _counts.Sum();

    /// <summary>Returns the number of calls of an operation since the start, or since <see cref="Clear"/>.</summary>
    /// <param name="operation">The operation.</param>
    /// <returns>The number of calls, with or without a response.</returns>
    public int Count(EmulatorOperation operation) => Volatile.Read(ref _counts[(int)operation]);

    /// <summary>Returns the kept calls of an operation, in order of arrival.</summary>
    /// <param name="operation">The operation.</param>
    /// <returns>A snapshot of the calls.</returns>
    public IReadOnlyList<EmulatorCall> Of(EmulatorOperation operation) => [.. this.Where(call => call.Operation == operation)];

    /// <summary>Waits until a call satisfies a condition. It can be a call that is already kept, or one that arrives or gets its response later.</summary>
    /// <param name="predicate">The condition. It is evaluated when a call arrives, gets a fault or gets its status. It must not call the emulator.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>The first call that satisfies the condition.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was canceled.</exception>
    /// <exception cref="Exception"><paramref name="predicate"/> threw an exception. The call that it was evaluated for continues.</exception>
    public Task<EmulatorCall> WaitAsync(Func<EmulatorCall, bool> predicate, CancellationToken cancellationToken = default) =>
        _waiters.WaitAsync(_calls, predicate, cancellationToken);

    /// <summary>Removes all calls and resets the counts. Sequence numbers continue.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _calls.Clear();
            _withBodies.Clear();
            _bodyBytes = 0;
            Array.Clear(_counts);
        }

        Changed?.Invoke(null);
    }

    /// <summary>Enumerates the kept calls, in order of arrival.</summary>
    /// <returns>An enumerator over a snapshot.</returns>
    public IEnumerator<EmulatorCall> GetEnumerator()
    {
        lock (_gate)
        {
            return ((IEnumerable<EmulatorCall>)_calls.ToArray()).GetEnumerator();
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal EmulatorCall Record(Func<long, EmulatorCall> create)
    {
        EmulatorCall call;
        lock (_gate)
        {
            call = create(++_sequence);
            _calls.Enqueue(call);
            _counts[(int)call.Operation]++;
            if (_calls.Count > _capacity)
            {
                _calls.Dequeue();
            }
        }

        Tell(call);
        return call;
    }

    internal void Failing(EmulatorCall call, string fault)
    {
        call.Fault = fault;
        Tell(call);
    }

    internal void Answered(EmulatorCall call, int status, IReadOnlyDictionary<string, string> headers)
    {
        call.ResponseHeaders = headers;
        call.Status = status;
        Tell(call);
    }

    /// <summary>Records the duration of a call. Removes the oldest bodies when all bodies together have too many bytes.</summary>
    internal void Ended(EmulatorCall call, TimeSpan duration)
    {
        call.Duration = duration;
        lock (_gate)
        {
            _withBodies.Enqueue(call);
            _bodyBytes += call.BodyBytes;
            while (_bodyBytes > MostBodyBytes || _withBodies.Count > _capacity)
            {
                var oldest = _withBodies.Dequeue();
                _bodyBytes -= oldest.BodyBytes;
                oldest.RequestBody = oldest.RequestBody is { } request ? request with { Content = null } : null;
                oldest.ResponseBody = oldest.ResponseBody is { } response ? response with { Content = null } : null;
            }
        }

        Changed?.Invoke(call);
    }

    private void Tell(EmulatorCall call)
    {
        _waiters.Tell(call);
        Changed?.Invoke(call);
    }
}
