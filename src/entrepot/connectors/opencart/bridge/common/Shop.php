<?php
namespace OmsBridge;

/** What the bridge needs of the shop around it. The parts that differ between OpenCart's lines are abstract. */
abstract class Shop
{
    protected $registry;

    public function __construct($registry)
    {
        $this->registry = $registry;
    }

    /** "oc3" or "oc4". */
    abstract public function line();

    /** Writes a status through the shop's own order model, which moves stock, mails and coupons. */
    abstract public function addHistory($order_id, $order_status_id, $comment, $notify);

    /** array(array(trigger, action), …) to register with the shop. */
    abstract public function events();

    /** The action that lets our address through in maintenance, or null where the line has no such hook. */
    abstract public function startup();

    /** Prefix of the setting that the shop's extension list shows as status. */
    abstract public function code();

    public function database()
    {
        return $this->registry->get('db');
    }

    public function prefix()
    {
        return DB_PREFIX;
    }

    public function config($key)
    {
        return $this->registry->get('config')->get($key);
    }

    public function forgetProducts()
    {
        $this->registry->get('cache')->delete('product');
    }

    public function log($text)
    {
        $this->registry->get('log')->write($text);
    }

    public function version()
    {
        return defined('VERSION') ? VERSION : '';
    }

    /** The shop's public address, from its own configuration and never from the Host header. */
    public function url()
    {
        $secure = !empty($_SERVER['HTTPS']) && $_SERVER['HTTPS'] !== 'off';
        foreach ($secure ? array('HTTPS_CATALOG', 'HTTP_CATALOG', 'HTTPS_SERVER', 'HTTP_SERVER') : array('HTTP_CATALOG', 'HTTP_SERVER') as $name) {
            if (defined($name) && constant($name)) {
                return rtrim(constant($name), '/') . '/';
            }
        }
        return '';
    }

    public function imageFolder()
    {
        return DIR_IMAGE;
    }
}
