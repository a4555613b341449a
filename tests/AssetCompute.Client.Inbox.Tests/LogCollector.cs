using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace AssetCompute.Client.Tests.Inbox;

/// <summary>Collects log entries.</summary>
internal sealed class LogCollector : ILogger
{
    public ConcurrentQueue<(LogLevel Level, EventId Id, string Text)> Lines { get; } = new();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Lines.Enqueue((logLevel, eventId, formatter(state, exception) + exception));
}
