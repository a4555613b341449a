using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;

namespace AssetCompute.Client.Tests.Diagnostics;

/// <summary>Collects the client's metrics: all of them, or those of one instrument.</summary>
internal sealed class Measurements : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentQueue<Measurement> _recorded = new();

    public Measurements(string? only = null)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "AssetCompute.Client" && (only is null || instrument.Name == only))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => _recorded.Enqueue(new Measurement(instrument.Name, value, tags.ToArray())));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => _recorded.Enqueue(new Measurement(instrument.Name, value, tags.ToArray())));
        _listener.Start();
    }

    /// <summary>The measurements of an account.</summary>
    public IEnumerable<Measurement> Of(string account) => _recorded.Where(measurement => account.Equals(measurement["asset_compute.account"]));

    /// <summary>The values that an instrument recorded.</summary>
    public IEnumerable<double> ValuesOf(string instrument) =>
        _recorded.Where(measurement => measurement.Instrument == instrument).Select(measurement => Convert.ToDouble(measurement.Value, CultureInfo.InvariantCulture));

    /// <summary>The measurements that an instrument recorded for an operation.</summary>
    public IEnumerable<Measurement> Of(string instrument, string operation) =>
        _recorded.Where(measurement => measurement.Instrument == instrument && operation.Equals(measurement["asset_compute.operation"]));

    public void Dispose() => _listener.Dispose();
}
