using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace AssetCompute.Client.Tests.Authentication;

public sealed partial class RedactionTests
{
    private sealed class Log(ConcurrentQueue<string> shown) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            shown.Enqueue(state.ToString() ?? "");
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            shown.Enqueue(formatter(state, exception) + exception);
            if (state is IEnumerable<KeyValuePair<string, object?>> values)
            {
                foreach (KeyValuePair<string, object?> value in values)
                {
                    shown.Enqueue($"{value.Key}={value.Value}");
                }
            }
        }

        public void Dispose()
        {
        }
    }
}
