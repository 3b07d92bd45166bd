<?php
namespace OmsBridge;

/** The names of the protocol and where each is answered. */
class Resources
{
    private static $reads = array(
        'info' => array('Info', 'info'),
        'categories' => array('Catalog', 'categories'),
        'manufacturers' => array('Catalog', 'manufacturers'),
        'attributes' => array('Catalog', 'attributes'),
        'options' => array('Catalog', 'options'),
        'products' => array('Products', 'page'),
        'stock' => array('StockReader', 'page'),
        'order_cursor' => array('Orders', 'cursor'),
        'orders' => array('Orders', 'since'),
        'order' => array('Orders', 'byIds'),
        'order_states' => array('Orders', 'states'),
        'events' => array('Orders', 'events'),
    );
    private static $writes = array(
        'stock' => array('StockWriter', 'write'),
        'prices' => array('PriceWriter', 'write'),
        'product_create' => array('ProductWriter', 'create'),
        'products_create' => array('ProductWriter', 'createMany'),
        'product_update' => array('ProductWriter', 'update'),
        'product_status' => array('ProductSwitch', 'status'),
        'product_delete' => array('ProductSwitch', 'delete'),
        'image' => array('Images', 'upload'),
        'order_history' => array('OrderWriter', 'history'),
        'shipment' => array('OrderWriter', 'shipment'),
        'order_writes' => array('OrderWriter', 'many'),
        'webhook' => array('WebhookWriter', 'point'),
        'webhook_test' => array('WebhookWriter', 'test'),
    );

    public static function knows($name)
    {
        return isset(self::$reads[$name]) || isset(self::$writes[$name]);
    }

    public static function answer(Bridge $bridge, Call $call)
    {
        $name = $call->resource();
        if (!self::knows($name)) {
            throw new Refusal(404, 'unknown_resource', 'There is no such resource.', array('resource' => $name));
        }
        $table = $call->method === 'GET' ? self::$reads : ($call->method === 'POST' ? self::$writes : array());
        if (!isset($table[$name])) {
            $allowed = isset(self::$reads[$name]) ? (isset(self::$writes[$name]) ? 'GET, POST' : 'GET') : 'POST';
            throw new Refusal(405, 'method_not_allowed', 'The resource takes ' . $allowed . '.', array(), array('Allow: ' . $allowed));
        }
        $class = 'OmsBridge\\' . $table[$name][0];
        $part = new $class($bridge);
        return $part->{$table[$name][1]}($call);
    }
}
