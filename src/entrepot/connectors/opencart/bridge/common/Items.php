<?php
namespace OmsBridge;

/** The items of a bulk write: one bad item is an answer of its own and never stops the others. */
class Items
{
    const MOST = 1000;

    public static function of(Call $call, $most = self::MOST)
    {
        $body = $call->json();
        if (!isset($body['items']) || !is_array($body['items']) || array_values($body['items']) !== $body['items']) {
            throw Refusal::badRequest('items', 'The body must hold a list of items.');
        }
        if (count($body['items']) > $most) {
            throw Refusal::badRequest('items', 'At most ' . $most . ' items can be sent at once.');
        }
        foreach ($body['items'] as $item) {
            if (!is_array($item) || !isset($item['ref']) || !(is_string($item['ref']) || is_int($item['ref']))) {
                throw Refusal::badRequest('items', 'Every item must be an object with a ref.');
            }
        }
        return $body['items'];
    }

    public static function ok($item, $more)
    {
        return array('ref' => $item['ref'], 'ok' => true) + $more;
    }

    public static function failed($item, Refusal $refusal)
    {
        return array('ref' => $item['ref'], 'ok' => false, 'error' => $refusal->body());
    }
}
