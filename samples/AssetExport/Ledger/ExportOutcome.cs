namespace AssetExport;

/// <summary>The outcome of an attempt at a claimed export.</summary>
/// <param name="State">The new state. <see cref="ExportState.Waiting"/> delays the export.</param>
/// <param name="Reason">The reason; null if it was exported. It must not contain secrets.</param>
/// <param name="Delay">The delay before the next attempt.</param>
/// <param name="IsCounted">Whether the attempt counts. Default: yes.</param>
/// <param name="IsBusy">Whether a system was busy or unreachable, which delays the export only for a limited time. Default: no.</param>
/// <param name="Bytes">The number of bytes that were written.</param>
/// <param name="Location">The location of the first file.</param>
internal sealed record ExportOutcome(ExportState State, string? Reason = null, TimeSpan Delay = default, bool IsCounted = true, bool IsBusy = false, long? Bytes = null, string? Location = null);
