namespace AssetCompute.Emulator;

/// <summary>Limits the calls per time window of the emulator's clock. The first window starts with the first call; the others follow without a gap.</summary>
internal sealed class CallWindow(int calls, TimeSpan window, TimeProvider clock, TimeSpan? retryAfter, bool sendsRetryAfter)
    : CallLimit("window limit", $"{calls} in each {window.TotalSeconds:0.###} s", retryAfter, sendsRetryAfter)
{
    private long? _start;
    private long _span;
    private int _taken;

    public override TimeSpan? Take()
    {
        var sinceStart = clock.GetElapsedTime(_start ??= clock.GetTimestamp());
        var span = sinceStart.Ticks / window.Ticks;
        _taken = span == _span ? _taken + 1 : 1;
        _span = span;
        return _taken <= calls ? null : TimeSpan.FromSeconds(Math.Max(1, (window - TimeSpan.FromTicks(sinceStart.Ticks % window.Ticks)).TotalSeconds));
    }
}
