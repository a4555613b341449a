using System.Runtime.InteropServices;
using AssetCompute.Client.Journal;
using AssetCompute.Client.Serialization;

namespace AssetCompute.Client;

/// <summary>
/// One entry of a journal: a position and an event.
/// </summary>
public sealed class JournalEntry
{
    private readonly byte[]? _own;
    private readonly int _positionStart;
    private readonly int _positionLength;
    private readonly bool _hasEscapes;
    private readonly RenditionEventKind _kind;
    private JournalPosition _position;
    private AdobeEvent? _event;
    private string? _id;

    /// <summary>An entry, as a test would make it.</summary>
    /// <param name="position">The position of the event.</param>
    /// <param name="raw">The event's JSON, in UTF-8.</param>
    public JournalEntry(JournalPosition position, ReadOnlyMemory<byte> raw)
    {
        _position = position;
        Raw = raw;
    }

    /// <summary>An entry with bytes of its own: the chunk's go back to their pool, and who keeps an entry keeps nothing else of its page.</summary>
    internal JournalEntry(JournalChunk chunk, int index)
    {
        ref readonly JournalSlice slice = ref chunk.Slices[index];

        // The event, and the position with the quotes around it, which reading an escaped one needs.
        int start = slice.EventStart;
        int end = slice.EventStart + slice.EventLength;
        if (slice.PositionLength > 0)
        {
            start = slice.EventLength > 0 ? Math.Min(start, slice.PositionStart - 1) : slice.PositionStart - 1;
            end = Math.Max(end, slice.PositionStart + slice.PositionLength + 1);
        }

        _own = chunk.Buffer.AsSpan(start, end - start).ToArray();
        _positionStart = slice.PositionStart - start;
        _positionLength = slice.PositionLength;
        _hasEscapes = slice.HasEscapes;
        _kind = slice.Kind;
        Raw = slice.EventLength == 0 ? default : _own.AsMemory(slice.EventStart - start, slice.EventLength);
    }

    /// <summary>
    /// The stable identity of the event, 1 to 512 characters, by which a repeated event is recognized: <c>source</c> and <c>id</c> of a CloudEvent, else <c>@id</c>, else the position, else a
    /// hash of the JSON. An event that has an identity of its own has the same one in a webhook delivery.
    /// </summary>
    public string Id => _id ??= EventIdentity.Of(Raw.Span)
        ?? (Position.Value is { } position ? EventIdentity.OfPosition(position) : EventIdentity.OfContent(Raw));

    /// <summary>
    /// The position of the event: reading that starts here goes on with the event after this one. <see cref="JournalPosition.Oldest"/>
    /// where the journal gave none.
    /// </summary>
    public JournalPosition Position
    {
        get
        {
            if (_position == default && _own is not null && _positionLength > 0)
            {
                _position = JournalPosition.After(JournalChunk.TextOf(_own, _hasEscapes, _positionStart, _positionLength));
            }

            return _position;
        }
    }

    /// <summary>
    /// The event: <see cref="RenditionCreated"/>, <see cref="RenditionFailed"/>, an <see cref="AemAssetEvent"/>, or <see cref="UnknownEvent"/> with all
    /// its JSON. Never an error. Parsed at the first call.
    /// </summary>
    public AdobeEvent Event => _event ??= Parse();

    /// <summary>The event's JSON as it came, in UTF-8.</summary>
    public ReadOnlyMemory<byte> Raw { get; }

    private AdobeEvent Parse() => _kind != RenditionEventKind.Other && MemoryMarshal.TryGetArray(Raw, out ArraySegment<byte> own)
        ? EventParser.Parse(own, created: _kind == RenditionEventKind.Created)
        : EventParser.Parse(Raw);

    /// <summary>The position and the type of the event.</summary>
    public override string ToString() => $"{nameof(JournalEntry)} {{ Position = {Position}, Event = {Event.GetType().Name} }}";
}
