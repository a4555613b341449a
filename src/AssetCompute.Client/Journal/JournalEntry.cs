using AssetCompute.Client.Journal;
using AssetCompute.Client.Serialization;

namespace AssetCompute.Client;

/// <summary>
/// One entry of a journal: a position and an event.
/// </summary>
public sealed class JournalEntry
{
    private readonly JournalChunk? _chunk;
    private readonly int _index;
    private JournalPosition _position;
    private AdobeEvent? _event;

    /// <summary>An entry, as a test would make it.</summary>
    /// <param name="position">The position of the event.</param>
    /// <param name="raw">The event's JSON, in UTF-8.</param>
    public JournalEntry(JournalPosition position, ReadOnlyMemory<byte> raw)
    {
        _position = position;
        Raw = raw;
    }

    internal JournalEntry(JournalChunk chunk, int index)
    {
        _chunk = chunk;
        _index = index;
        JournalSlice slice = chunk.Slices[index];
        Raw = chunk.Buffer.AsMemory(slice.EventStart, slice.EventLength);
    }

    /// <summary>
    /// The position of the event: reading that starts here goes on with the event after this one. <see cref="JournalPosition.Oldest"/>
    /// where the journal gave none.
    /// </summary>
    public JournalPosition Position
    {
        get
        {
            if (_position == default && _chunk is not null && _chunk.Slices[_index].PositionLength > 0)
            {
                _position = JournalPosition.After(_chunk.PositionOf(_chunk.Slices[_index]));
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

    private AdobeEvent Parse()
    {
        RenditionEventKind kind = _chunk is null ? RenditionEventKind.Other : _chunk.Slices[_index].Kind;
        return kind == RenditionEventKind.Other ? EventParser.Parse(Raw) : EventParser.Parse(Raw, created: kind == RenditionEventKind.Created);
    }

    /// <summary>The position and the type of the event.</summary>
    public override string ToString() => $"{nameof(JournalEntry)} {{ Position = {Position}, Event = {Event.GetType().Name} }}";
}
